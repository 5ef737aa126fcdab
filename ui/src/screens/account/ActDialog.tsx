import type { AccountPage } from "../../api/bindings";
import { sentenceOf } from "../../api/errors";
import { ReasonDialog } from "../../components/ReasonDialog";
import { say } from "../../components/toasts";
import { useAct } from "../../session/useAct";
import { type ActId, acts } from "./acts";
import { useChanged } from "./useChanged";

export type ActDialogProps = { act: ActId; page: AccountPage; onClose: () => void };

/** Asks why, does it, and waits until the page shows the truth before it says so. */
export function ActDialog({ act: id, page, onClose }: ActDialogProps) {
  const { title, lead, label, said, danger, optional, run, undo } = acts[id];
  const { account } = page;
  const name = account.name || account.email;
  const changed = useChanged();
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
    say(said({ name }), back && { undo: () => void takeBack(back) });
  };
  const takeBack = async (back: NonNullable<ReturnType<NonNullable<typeof undo>>>) => {
    const outcome = await back.run(account.id);
    await changed();
    if (outcome.ok) say(back.said({ name }));
    else say(sentenceOf(outcome.error), { tone: "danger" });
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
