import { useState } from "react";
import type { AccountMade } from "../../api/bindings";
import { call } from "../../api/client";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { AccountFields, type Draft, errorsOf } from "../account/AccountForm";

export type CreateDialogProps = { onClose: () => void; onMade: (made: AccountMade) => void };

/** Makes an account: its enrolment code comes back. */
export function CreateDialog({ onClose, onMade }: CreateDialogProps) {
  const [draft, setDraft] = useState<Draft>({ email: "", name: "", role: "staff" });
  const [missing, setMissing] = useState(false);
  const create = useAct(({ email, name, role }: Draft) => call("createAccount", email, name, role));
  const submit = async () => {
    setMissing(draft.email.trim() === "");
    if (draft.email.trim() === "") return;
    const outcome = await create.run(draft);
    if (outcome?.ok) onMade(outcome.value);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.create_title()}
      busy={create.pending}
      onSubmit={() => void submit()}
      footer={<DialogActs action={m.create_action()} onCancel={onClose} pending={create.pending} />}
    >
      <AccountFields
        draft={draft}
        onChange={setDraft}
        errors={missing ? { email: m.create_email_missing() } : errorsOf(create.error)}
      />
    </Dialog>
  );
}
