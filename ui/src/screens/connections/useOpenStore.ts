import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Lets the person choose a file, and opens the shop in it. */
export function useOpenStore(): () => void {
  const { move, goAside } = useSession();
  const open = useAct(() => call("openStore"));
  return async () => {
    const outcome = await open.run();
    if (outcome && !outcome.ok) say(sentenceOf(outcome.error), { tone: "danger" });
    if (!outcome?.ok || outcome.value === null) return;
    goAside(undefined);
    move(outcome.value);
  };
}
