import { useState } from "react";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import { DateTime } from "./DateTime";
import { SheetActions, type SheetActionsProps } from "./SheetActions";

export type RecoveryCodesSheetProps = Required<SheetActionsProps> & {
  codes: readonly string[];
  account: string;
  issuer: string;
  /** When they were made, RFC 3339. */
  madeAt: string;
  onDone: () => void;
};

/** Recovery codes, shown once: a box beside each to cross it off on paper. */
export function RecoveryCodesSheet(props: RecoveryCodesSheetProps) {
  const { codes, account, issuer, madeAt, onDone, ...actions } = props;
  const [saved, setSaved] = useState(false);
  return (
    <div className="grid gap-4">
      <div data-print className="grid gap-4 rounded-card border border-line bg-surface p-5">
        <div>
          <h3 className="font-bold text-lead">{m.recovery_codes_title({ issuer })}</h3>
          <p className="text-ink-soft">
            {account} · <DateTime at={madeAt} exact />
          </p>
        </div>
        <ol aria-label={m.recovery_codes_title({ issuer })} className="grid grid-cols-2 gap-x-8 gap-y-2">
          {codes.map((code) => (
            <li key={code} className="flex items-center gap-3 font-medium font-mono tracking-code">
              <span aria-hidden className="size-4 shrink-0 rounded-small border border-edge" />
              <span className="select-all">{code}</span>
            </li>
          ))}
        </ol>
        <p className="text-ink-soft text-small">{m.recovery_codes_use()}</p>
      </div>
      <SheetActions {...actions} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Checkbox isSelected={saved} onChange={setSaved}>
          {m.sheet_saved()}
        </Checkbox>
        <Button kind="primary" onPress={onDone} disabledReason={saved ? undefined : m.sheet_save_first()}>
          {m.done()}
        </Button>
      </div>
    </div>
  );
}
