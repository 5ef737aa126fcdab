import * as m from "../paraglide/messages.js";
import { PasswordField } from "./PasswordField";
import { type Strength, StrengthBar } from "./StrengthBar";

export type JudgementProps = {
  /** Undefined while nothing is typed. */
  strength: Strength | undefined;
  /** What speaks against it, in sentences. */
  reasons: readonly string[];
  /** Shortest password in code points. */
  shortest: number;
};

export type NewPasswordFieldProps = {
  label: string;
  judgement: JudgementProps;
  value: string;
  onChange: (password: string) => void;
  /** Why it was refused when it was sent. */
  error?: string | undefined;
};

/** A password being chosen: how hard it is to guess, and what speaks against it, as one types. */
export function NewPasswordField({ label, judgement, value, onChange, error }: NewPasswordFieldProps) {
  const { strength, reasons, shortest } = judgement;
  const typed = value !== "";
  return (
    <div className="grid gap-2">
      <PasswordField
        label={label}
        help={m.password_new_help({ shortest })}
        autoComplete="new-password"
        value={value}
        onChange={onChange}
        error={error}
      />
      <StrengthBar strength={typed ? strength : undefined} />
      {/* A line is kept free, so that nothing jumps while one types. */}
      <p className="min-h-5 text-ink-soft text-small" aria-live="polite">
        {typed && error === undefined && reasons.join(" ")}
      </p>
    </div>
  );
}
