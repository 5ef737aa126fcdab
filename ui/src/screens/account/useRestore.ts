import type { Account } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { nameOf } from "../audit/plain";
import { useChanged } from "./useChanged";
import { type TakeBack, useSayDone } from "./useSayDone";

/** Takes an account out of the recycle bin; its undo puts it back. */
export function useRestore(account: Account): { restore: () => void; pending: boolean } {
  const { id } = account;
  const name = nameOf(account);
  const changed = useChanged();
  const sayDone = useSayDone();
  const act = useAct(async () => {
    const outcome = await call("restoreAccount", id);
    await changed();
    return outcome;
  });
  const back: TakeBack = {
    run: () => call("deleteAccount", id, account.deleted?.reason ?? m.act_undo_reason()),
    said: () => m.act_delete_said({ name }),
  };
  return {
    pending: act.pending,
    restore: async () => {
      const outcome = await act.run();
      if (outcome?.ok) sayDone(m.act_restore_said({ name }), outcome.value, back);
      else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
    },
  };
}
