import { Copy, Download, Printer } from "lucide-react";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";

export type SheetActionsProps = {
  onPrint: () => void;
  onSave: () => void;
  onCopy?: () => void;
};

/** The ways to keep what is shown only once. */
export function SheetActions({ onPrint, onSave, onCopy }: SheetActionsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={Printer} onPress={onPrint}>
        {m.sheet_print()}
      </Button>
      <Button icon={Download} onPress={onSave}>
        {m.sheet_save()}
      </Button>
      {onCopy && (
        <Button icon={Copy} onPress={onCopy}>
          {m.sheet_copy()}
        </Button>
      )}
    </div>
  );
}
