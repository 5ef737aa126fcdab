import { call } from "../../api/client";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useSentence } from "../../session/useSentence";
import { SecondFactor } from "../sign-in/SecondFactor";

/** The password was right: a code of the authenticator app, or a recovery code. */
export function SecondFactorAsked() {
  const { move, signOut } = useSession();
  const give = useAct((kind: "giveCode" | "giveRecoveryCode", code: string) => call(kind, code));
  const error = useSentence(give.error);
  const send = async (kind: "giveCode" | "giveRecoveryCode", code: string) => {
    const outcome = await give.run(kind, code);
    if (outcome?.ok) move(outcome.value);
  };
  return (
    <SecondFactor
      pending={give.pending}
      error={error}
      onCode={(code) => void send("giveCode", code)}
      onRecoveryCode={(code) => void send("giveRecoveryCode", code)}
      onCancel={signOut}
      onSwitch={give.reset}
    />
  );
}
