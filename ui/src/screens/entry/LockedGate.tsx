import { demoOwner } from "../../api/bindings";
import { call } from "../../api/client";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useSentence } from "../../session/useSentence";
import { Locked } from "../locked/Locked";

/** Locked: the password opens it. */
export function LockedGate({ email, name }: { email: string; name: string }) {
  const { status, lockedByHand, idleMinutes, move, signOut } = useSession();
  const unlock = useAct((password: string) => call("unlock", password));
  const error = useSentence(unlock.error);
  return (
    <Locked
      person={{ name, email }}
      why={lockedByHand ? "by_hand" : "idle"}
      idleMinutes={idleMinutes}
      hint={status?.place.kind === "demo" ? m.demo_unlock({ password: demoOwner.password }) : undefined}
      pending={unlock.pending}
      error={error}
      onUnlock={async (password) => {
        const outcome = await unlock.run(password);
        if (outcome?.ok) move(outcome.value);
      }}
      onSignOut={signOut}
    />
  );
}
