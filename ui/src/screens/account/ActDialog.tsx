import type { AccountPage } from "../../api/bindings";
import { sentenceOf } from "../../api/errors";
import { ReasonDialog } from "../../components/ReasonDialog";
import { useAct } from "../../session/useAct";
import { nameOf } from "../audit/plain";
import { type ActId, acts } from "./acts";
import { useChanged } from "./useChanged";
import { useSayDone } from "./useSayDone";

export type ActDialogProps = { act: ActId; page: AccountPage; onClose: () => void };

/** Asks why, does it, and waits until the page shows the truth before it says so. */
export function ActDialog({ act: id, page, onClose }: ActDialogProps) {
  const { title, lead, label, said, danger, optional, run, undo } = acts[id];
  const { account } = page;
  const name = nameOf(account);
  const changed = useChanged();
  const sayDone = useSayDone();
  const act = useAct(async (reason: string) => {
    const outcome = await run(account.id, reason);
    await changed();
    return outcome;
  });
  const confirm = async (reason: string) => {
    const back = undo?.(page);
    const outcome = await act.run(reason);
    if (!outcome?.ok) return;
    onClose();
    sayDone(said({ name }), outcome.value ?? account, back && { ...back, said: () => back.said({ name }) });
  };
  return (
    <ReasonDialog
      isOpen
      onClose={onClose}
      title={title({ name })}
      action={label()}
      danger={danger === true}
      optional={optional === true}
      pending={act.pending}
      error={act.error && sentenceOf(act.error)}
      onConfirm={(reason) => void confirm(reason)}
    >
      {lead(page)}
    </ReasonDialog>
  );
}
