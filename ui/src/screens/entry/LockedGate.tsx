import { demoOwner } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { Locked } from "../locked/Locked";

/** Locked: the password opens it. */
export function LockedGate({ email, name }: { email: string; name: string }) {
  const { status, lockedByHand, idleMinutes, move, signOut } = useSession();
  const unlock = useAct((password: string) => call("unlock", password));
  return (
    <Locked
      person={{ name, email }}
      why={lockedByHand ? "by_hand" : "idle"}
      idleMinutes={idleMinutes}
      hint={status?.demo ? m.demo_unlock({ password: demoOwner.password }) : undefined}
      pending={unlock.pending}
      error={unlock.error && sentenceOf(unlock.error)}
      onUnlock={async (password) => {
        const outcome = await unlock.run(password);
        if (outcome?.ok) move(outcome.value);
      }}
      onSignOut={signOut}
    />
  );
}
