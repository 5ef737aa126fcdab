import { useState } from "react";
import { demoOwner, type IpcError } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useSentence } from "../../session/useSentence";
import { useStrength } from "../../session/useStrength";
import { RedeemEnrolment, type Redemption } from "../enrolment/RedeemEnrolment";
import { SignIn } from "../sign-in/SignIn";

/** Nobody is signed in: sign in, or use an enrolment code. */
export function Closed({ ended }: { ended: boolean }) {
  const { status, move } = useSession();
  const [email, setEmail] = useState("");
  const [enrolling, setEnrolling] = useState(false);
  const signIn = useAct((password: string) => call("signIn", email, password));
  const error = useSentence(signIn.error);

  if (enrolling) return <Enrolment onBack={() => setEnrolling(false)} />;
  return (
    <SignIn
      shop={status?.shop ?? ""}
      notice={ended ? m.closed_ended() : undefined}
      hint={status?.place.kind === "demo" ? m.demo_sign_in(demoOwner) : undefined}
      email={email}
      onEmail={setEmail}
      pending={signIn.pending}
      error={error}
      onSubmit={async (password) => {
        const outcome = await signIn.run(password);
        if (outcome?.ok) move(outcome.value);
      }}
      onEnrolmentCode={() => setEnrolling(true)}
    />
  );
}

function Enrolment({ onBack }: { onBack: () => void }) {
  const { status, move } = useSession();
  const { judge, ...judgement } = useStrength({ shop: status?.shop ?? "", name: "", email: "" });
  const redeem = useAct(({ email, code, password }: Redemption) =>
    call("redeemEnrolment", email, code, password),
  );
  return (
    <RedeemEnrolment
      judgement={judgement}
      onChange={({ password, email }) => judge(password, { email })}
      errors={errorsOf(redeem.error)}
      pending={redeem.pending}
      onSubmit={async (form) => {
        const outcome = await redeem.run(form);
        if (!outcome?.ok) return;
        move(outcome.value);
        say(m.enrolled());
      }}
      onBack={onBack}
    />
  );
}

/** The field an error belongs to. */
function errorsOf(error: IpcError | undefined): Partial<Record<keyof Redemption, string>> {
  if (!error) return {};
  const words = sentenceOf(error);
  const ofPassword = error.code === "weak_password" || error.code === "password_too_long";
  return ofPassword ? { password: words } : { code: words };
}
