import { FlaskConical, Lock } from "lucide-react";
import { useState } from "react";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { PasswordField } from "../../components/PasswordField";
import * as m from "../../paraglide/messages.js";
import { nameOf } from "../audit/plain";

export type LockedProps = {
  person: { name: string; email: string };
  /** Which of the reasons it was. */
  why: "by_hand" | "idle";
  /** Minutes without a touch after which it locks; undefined if that is not known. */
  idleMinutes: number | undefined;
  /** Of the sample shop: what its password is. */
  hint?: string | undefined;
  pending: boolean;
  error?: string | undefined;
  onUnlock: (password: string) => void;
  onSignOut: () => void;
};

/** Locked is not signed out: the work is still there, behind the password. */
export function Locked({ person, why, idleMinutes, hint, pending, error, onUnlock, onSignOut }: LockedProps) {
  const [password, setPassword] = useState("");
  return (
    <Gate
      screen="locked"
      title={m.locked_title()}
      lead={m.locked_lead({ name: nameOf(person) })}
      foot={
        <Button kind="plain" onPress={onSignOut}>
          {m.locked_sign_out()}
        </Button>
      }
    >
      <GateForm action={m.locked_unlock()} pending={pending} onSubmit={() => onUnlock(password)}>
        <Banner tone="neutral" icon={Lock}>
          {why === "by_hand"
            ? m.locked_by_hand()
            : idleMinutes === undefined
              ? m.locked_idle_some()
              : m.locked_idle({ count: idleMinutes })}
        </Banner>
        {hint && (
          <Banner tone="accent" icon={FlaskConical}>
            {hint}
          </Banner>
        )}
        <PasswordField
          autoFocus
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
