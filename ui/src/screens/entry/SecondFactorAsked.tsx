import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { SecondFactor } from "../sign-in/SecondFactor";

/** The password was right: a code of the authenticator app, or a recovery code. */
export function SecondFactorAsked() {
  const { move, signOut } = useSession();
  const give = useAct((kind: "giveCode" | "giveRecoveryCode", code: string) => call(kind, code));
  const send = async (kind: "giveCode" | "giveRecoveryCode", code: string) => {
    const outcome = await give.run(kind, code);
    if (outcome?.ok) move(outcome.value);
  };
  return (
    <SecondFactor
      pending={give.pending}
      error={give.error && sentenceOf(give.error)}
      onCode={(code) => void send("giveCode", code)}
      onRecoveryCode={(code) => void send("giveRecoveryCode", code)}
      onCancel={signOut}
      onSwitch={give.reset}
    />
  );
}
