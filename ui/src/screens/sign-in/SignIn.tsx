import { FlaskConical, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { PasswordField } from "../../components/PasswordField";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type SignInProps = {
  shop: string;
  /** Why one is here and not where one was: the session ended. */
  notice?: string | undefined;
  /** Of the sample shop: who its owner is and what its password is. */
  hint?: string | undefined;
  email: string;
  onEmail: (email: string) => void;
  pending: boolean;
  /** Said of the pair, never of one of the two. */
  error?: string | undefined;
  onSubmit: (password: string) => void;
  onEnrolmentCode: () => void;
};

/** First half of signing in: e-mail and password. */
export function SignIn(props: SignInProps) {
  const { shop, notice, hint, email, onEmail, pending, error, onSubmit, onEnrolmentCode } = props;
  const [password, setPassword] = useState("");
  return (
    <Gate
      screen="sign-in"
      title={m.sign_in_title({ shop })}
      foot={
        <Button kind="plain" onPress={onEnrolmentCode}>
          {m.sign_in_enrolment()}
        </Button>
      }
    >
      <GateForm action={m.sign_in()} pending={pending} onSubmit={() => onSubmit(password)}>
        {notice && (
          <Banner tone="warn" icon={TriangleAlert}>
            {notice}
          </Banner>
        )}
        {hint && (
          <Banner tone="accent" icon={FlaskConical}>
            {hint}
          </Banner>
        )}
        <TextField
          autoFocus={email === ""}
          label={m.email_label()}
          type="email"
          autoComplete="username"
          value={email}
          onChange={onEmail}
        />
        <PasswordField
          autoFocus={email !== ""}
          label={m.password_label()}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={error}
        />
      </GateForm>
    </Gate>
  );
}
