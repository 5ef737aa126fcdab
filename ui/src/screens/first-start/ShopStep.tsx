import { ArrowLeft } from "lucide-react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { type JudgementProps, NewPasswordField } from "../../components/NewPasswordField";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";
import { useParts } from "../entry/useParts";
import { stepAt } from "./step";

export type NewShop = { shop: string; name: string; email: string; password: string };

export type ShopStepProps = {
  /** The password is judged with the words of the shop, so the whole form is handed over at each change. */
  onChange: (form: NewShop) => void;
  judgement: JudgementProps;
  errors: Partial<Record<keyof NewShop, string>>;
  pending: boolean;
  onSubmit: (form: NewShop) => void;
  onBack: () => void;
};

/** First step of the first start: whose shop it is. */
export function ShopStep(props: ShopStepProps) {
  const { onChange, judgement, errors, pending, onSubmit, onBack } = props;
  const [form, set] = useParts<NewShop>({ shop: "", name: "", email: "", password: "" }, onChange);
  return (
    <Gate
      screen="first-start"
      wide
      title={m.start_shop_title()}
      lead={m.start_shop_lead()}
      {...stepAt(1)}
      foot={
        <Button kind="plain" icon={ArrowLeft} onPress={onBack}>
          {m.ways_back()}
        </Button>
      }
    >
      <GateForm action={m.continue()} pending={pending} onSubmit={() => onSubmit(form)}>
        <div className="grid gap-4 md:grid-cols-2">
          <TextField
            autoFocus
            label={m.start_shop_label()}
            autoComplete="organization"
            value={form.shop}
            onChange={(shop) => set({ shop })}
            error={errors.shop}
          />
          <TextField
            label={m.start_name_label()}
            autoComplete="name"
            value={form.name}
            onChange={(name) => set({ name })}
            error={errors.name}
          />
        </div>
        <TextField
          label={m.start_email_label()}
          help={m.start_email_help()}
          type="email"
          autoComplete="username"
          value={form.email}
          onChange={(email) => set({ email })}
          error={errors.email}
        />
        <NewPasswordField
          label={m.password_label()}
          judgement={judgement}
          value={form.password}
          onChange={(password) => set({ password })}
          error={errors.password}
        />
      </GateForm>
    </Gate>
  );
}
