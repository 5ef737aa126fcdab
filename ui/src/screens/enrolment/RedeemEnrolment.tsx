import { ArrowLeft } from "lucide-react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { type JudgementProps, NewPasswordField } from "../../components/NewPasswordField";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";
import { useParts } from "../entry/useParts";

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
  const [form, set] = useParts<Redemption>({ email: "", code: "", password: "" }, onChange);
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
      <GateForm action={m.enrolment_submit()} pending={pending} onSubmit={() => onSubmit(form)}>
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
      </GateForm>
    </Gate>
  );
}
