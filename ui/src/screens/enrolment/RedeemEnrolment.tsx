import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { type JudgementProps, NewPasswordField } from "../../components/NewPasswordField";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type Redemption = { email: string; code: string; password: string };

export type RedeemEnrolmentProps = {
  onChange: (form: Redemption) => void;
  judgement: JudgementProps;
  errors: Partial<Record<keyof Redemption, string>>;
  pending: boolean;
  onSubmit: (form: Redemption) => void;
  onBack: () => void;
};

/** Somebody was given an enrolment code: they choose their own password, nobody else does. */
export function RedeemEnrolment(props: RedeemEnrolmentProps) {
  const { onChange, judgement, errors, pending, onSubmit, onBack } = props;
  const [form, setForm] = useState<Redemption>({ email: "", code: "", password: "" });
  const set = (part: Partial<Redemption>) => {
    const next = { ...form, ...part };
    setForm(next);
    onChange(next);
  };
  return (
    <Gate
      screen="enrolment"
      title={m.enrolment_title()}
      lead={m.enrolment_lead()}
      foot={
        <Button kind="plain" icon={ArrowLeft} onPress={onBack}>
          {m.enrolment_back()}
        </Button>
      }
    >
      <Form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) onSubmit(form);
        }}
      >
        <TextField
          autoFocus
          label={m.email_label()}
          type="email"
          autoComplete="username"
          value={form.email}
          onChange={(email) => set({ email })}
          error={errors.email}
        />
        <TextField
          code
          label={m.enrolment_code_label()}
          help={m.enrolment_code_help()}
          autoComplete="off"
          value={form.code}
          onChange={(code) => set({ code })}
          error={errors.code}
        />
        <NewPasswordField
          label={m.enrolment_password_label()}
          judgement={judgement}
          value={form.password}
          onChange={(password) => set({ password })}
          error={errors.password}
        />
        <Button type="submit" kind="primary" wide pending={pending}>
          {m.enrolment_submit()}
        </Button>
      </Form>
    </Gate>
  );
}
