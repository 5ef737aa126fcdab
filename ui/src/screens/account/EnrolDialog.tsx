import type { Account, EnrolmentShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { ReasonDialog } from "../../components/ReasonDialog";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { nameOf } from "../audit/plain";
import { useChanged } from "./useChanged";

export type EnrolDialogProps = {
  account: Account;
  onClose: () => void;
  onMade: (enrolment: EnrolmentShown) => void;
};

/** Makes a new enrolment code; an older one no longer works. */
export function EnrolDialog({ account, onClose, onMade }: EnrolDialogProps) {
  const changed = useChanged();
  const issue = useAct((reason: string) => call("issueEnrolment", account.id, reason));
  const confirm = async (reason: string) => {
    const outcome = await issue.run(reason);
    void changed();
    if (outcome?.ok) onMade(outcome.value);
  };
  return (
    <ReasonDialog
      isOpen
      onClose={onClose}
      title={m.act_enrol_title({ name: nameOf(account) })}
      action={m.act_enrol_action()}
      optional
      pending={issue.pending}
      error={issue.error && sentenceOf(issue.error)}
      onConfirm={(reason) => void confirm(reason)}
    >
      {m.act_enrol_lead()}
    </ReasonDialog>
  );
}
