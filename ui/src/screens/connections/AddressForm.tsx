import { ArrowLeft } from "lucide-react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type AddressFormProps = {
  address: string;
  onAddress: (address: string) => void;
  pending: boolean;
  error: string | undefined;
  onSubmit: () => void;
  onBack: () => void;
};

/** Where the service is, as somebody was told it. */
export function AddressForm({ address, onAddress, pending, error, onSubmit, onBack }: AddressFormProps) {
  return (
    <Gate
      screen="connect"
      title={m.connect_title()}
      lead={m.connect_lead()}
      foot={
        <Button kind="plain" icon={ArrowLeft} onPress={onBack}>
          {m.ways_back()}
        </Button>
      }
    >
      <GateForm action={m.connect_do()} pending={pending} onSubmit={onSubmit}>
        <TextField
          autoFocus
          label={m.connect_address()}
          help={m.connect_address_help()}
          autoComplete="off"
          maxLength={2000}
          value={address}
          onChange={onAddress}
          error={error}
        />
      </GateForm>
    </Gate>
  );
}
