import { useState } from "react";
import { Button } from "../../components/Button";
import { CodeField } from "../../components/CodeField";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type SecondFactorProps = {
  pending: boolean;
  error?: string | undefined;
  onCode: (code: string) => void;
  onRecoveryCode: (code: string) => void;
  /** Back to e-mail and password. */
  onCancel: () => void;
  /** Called when one turns from one kind of code to the other: what was wrong with the first is over. */
  onSwitch?: () => void;
};

/** Second half of signing in: a code from the phone, or one of the codes kept for the day it is gone. */
export function SecondFactor({
  pending,
  error,
  onCode,
  onRecoveryCode,
  onCancel,
  onSwitch,
}: SecondFactorProps) {
  const [recovery, setRecovery] = useState(false);
  return (
    <Gate
      screen="second-factor"
      title={recovery ? m.sign_in_recovery_title() : m.sign_in_code_title()}
      lead={recovery ? m.sign_in_recovery_lead() : m.sign_in_code_lead()}
      foot={
        <>
          <Button
            kind="plain"
            onPress={() => {
              setRecovery(!recovery);
              onSwitch?.();
            }}
          >
            {recovery ? m.sign_in_use_code() : m.sign_in_use_recovery()}
          </Button>
          <Button kind="plain" onPress={onCancel}>
            {m.sign_in_other()}
          </Button>
        </>
      }
    >
      {recovery ? (
        <RecoveryCode key="recovery" pending={pending} error={error} onSubmit={onRecoveryCode} />
      ) : (
        <Code key="code" pending={pending} error={error} onSubmit={onCode} />
      )}
    </Gate>
  );
}

type HalfProps = { pending: boolean; error: string | undefined; onSubmit: (code: string) => void };

function Code({ pending, error, onSubmit }: HalfProps) {
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState(false);
  const short = code.length < 6;
  return (
    <GateForm
      action={m.sign_in()}
      pending={pending}
      onSubmit={() => {
        setAsked(true);
        if (!short) onSubmit(code);
      }}
    >
      <CodeField
        autoFocus
        label={m.code_label()}
        value={code}
        onChange={setCode}
        onComplete={(digits) => !pending && onSubmit(digits)}
        error={asked && short ? m.code_short() : error}
      />
    </GateForm>
  );
}

function RecoveryCode({ pending, error, onSubmit }: HalfProps) {
  const [code, setCode] = useState("");
  return (
    <GateForm action={m.sign_in()} pending={pending} onSubmit={() => onSubmit(code)}>
      <TextField
        autoFocus
        code
        label={m.recovery_code_label()}
        help={m.recovery_code_help()}
        autoComplete="off"
        value={code}
        onChange={setCode}
        error={error}
      />
    </GateForm>
  );
}
