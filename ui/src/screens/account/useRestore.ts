import type { Account } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { useChanged } from "./useChanged";

/** Takes an account out of the recycle bin; its undo puts it back. */
export function useRestore(account: Account): { restore: () => void; pending: boolean } {
  const { id } = account;
  const name = account.name || account.email;
  const changed = useChanged();
  const act = useAct(async () => {
    const outcome = await call("restoreAccount", id);
    await changed();
    return outcome;
  });
  const undo = async () => {
    const outcome = await call("deleteAccount", id, account.deleted?.reason ?? m.act_undo_reason());
    await changed();
    if (outcome.ok) say(m.act_delete_said({ name }));
    else say(sentenceOf(outcome.error), { tone: "danger" });
  };
  return {
    pending: act.pending,
    restore: async () => {
      const outcome = await act.run();
      if (outcome?.ok) say(m.act_restore_said({ name }), { undo: () => void undo() });
      else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
    },
  };
}
