import { Fingerprint } from "lucide-react";
import { useState } from "react";
import type { AccountPage, PasskeyInfo } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Allowance } from "../../api/rights";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Panel } from "../../components/Panel";
import { ReasonDialog } from "../../components/ReasonDialog";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { nameOf, plain } from "../audit/plain";
import { useChanged } from "./useChanged";
import { useSayDone } from "./useSayDone";

export type PasskeysProps = {
  page: AccountPage;
  /** Whether this person may take them away. */
  allowance: Allowance;
};

/** With what the account signs in by itself: when it was made and last used. */
export function Passkeys({ page, allowance }: PasskeysProps) {
  const [removing, setRemoving] = useState<PasskeyInfo>();
  return (
    <Panel title={m.account_passkeys_title()}>
      <ul className="grid divide-y divide-line">
        {page.passkeys.map((passkey) => (
          <li key={passkey.id} className="flex flex-wrap items-center gap-3 py-2.5">
            <Fingerprint aria-hidden size={18} className="shrink-0 text-ink-faint" />
            <div className="min-w-0 grow">
              <p className="font-medium">{plain(passkey.name)}</p>
              <p className="text-ink-soft text-small">
                {m.account_passkey_made()} <DateTime at={passkey.created_at} /> ·{" "}
                {passkey.last_used_at ? (
                  <>
                    {m.account_passkey_used()} <DateTime at={passkey.last_used_at} />
                  </>
                ) : (
                  m.account_passkey_unused()
                )}
              </p>
            </div>
            <Button
              onPress={() => setRemoving(passkey)}
              disabledReason={allowance.allowed ? undefined : allowance.why}
            >
              {m.account_passkey_remove()} <span className="sr-only">{plain(passkey.name)}</span>
            </Button>
          </li>
        ))}
      </ul>
      {removing && <Remove page={page} passkey={removing} onClose={() => setRemoving(undefined)} />}
    </Panel>
  );
}

type RemoveProps = { page: AccountPage; passkey: PasskeyInfo; onClose: () => void };

function Remove({ page: { account }, passkey, onClose }: RemoveProps) {
  const changed = useChanged();
  const sayDone = useSayDone();
  const words = { name: nameOf(account), passkey: plain(passkey.name) };
  const act = useAct(async (reason: string) => {
    const outcome = await call("removePasskey", account.id, passkey.id, reason);
    await changed();
    return outcome;
  });
  const confirm = async (reason: string) => {
    const outcome = await act.run(reason);
    if (!outcome?.ok) return;
    onClose();
    sayDone(m.act_remove_passkey_said(words), outcome.value);
  };
  return (
    <ReasonDialog
      isOpen
      onClose={onClose}
      title={m.act_remove_passkey_title(words)}
      action={m.account_passkey_remove()}
      danger
      optional={false}
      pending={act.pending}
      error={act.error && sentenceOf(act.error)}
      onConfirm={(reason) => void confirm(reason)}
    >
      {m.act_remove_passkey_lead()}
    </ReasonDialog>
  );
}
