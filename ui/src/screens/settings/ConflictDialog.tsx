import type { IpcError, Shop } from "../../api/bindings";
import { sentenceOf } from "../../api/errors";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import * as m from "../../paraglide/messages.js";
import { ConflictTable } from "../conflict/ConflictTable";
import type { Conflict } from "../conflict/useConflict";
import { useWho } from "../conflict/useWho";

export type ConflictDialogProps = {
  conflict: Conflict<Shop, Record<string, string>>;
  pending: boolean;
  error: IpcError | undefined;
  onSave: (fields: Record<string, string>) => void;
  onClose: () => void;
};

/** Somebody else saved the settings while they were changed here: both are shown, and one chooses. */
export function ConflictDialog({ conflict, pending, error, onSave, onClose }: ConflictDialogProps) {
  const { lines, choices, choose, outcome } = conflict;
  const who = useWho({ action: "policy.changed" });
  const nothing = lines.every(({ field }) => choices[field] === "theirs");
  const why = !outcome ? m.conflict_first() : nothing ? m.conflict_nothing_left() : undefined;
  return (
    <Dialog
      isOpen
      wide
      onClose={onClose}
      title={m.conflict_title()}
      busy={pending}
      onSubmit={() => outcome && why === undefined && onSave(outcome)}
      footer={
        <DialogActs action={m.settings_save()} onCancel={onClose} pending={pending} disabledReason={why} />
      }
    >
      <ConflictTable who={who} lines={lines} choices={choices} onChoose={choose} />
      {error && (
        <p role="alert" className="text-danger-ink">
          {sentenceOf(error)}
        </p>
      )}
    </Dialog>
  );
}
