import { call } from "../api/client";
import { sentenceOf } from "../api/errors";
import { say } from "../components/toasts";
import { useSession } from "./Session";
import { useAct } from "./useAct";

/** Turns to another shop; without a name to this computer's own. */
export function useSwitch(): { to: (id: string | null) => Promise<void>; pending: boolean } {
  const { move, goAside } = useSession();
  const turn = useAct((id: string | null) => (id === null ? call("turnHome") : call("switchConnection", id)));
  return {
    pending: turn.pending,
    to: async (id) => {
      const outcome = await turn.run(id);
      if (outcome?.ok) {
        goAside(undefined);
        move(outcome.value);
      } else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
    },
  };
}
