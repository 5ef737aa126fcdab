import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { SecondFactorSetup, type SecondFactorSetupProps } from "../../components/SecondFactorSetup";
import * as m from "../../paraglide/messages.js";

export type SecondFactorStepProps = SecondFactorSetupProps & {
  /** Absent where the shop's policy requires a second factor. */
  onPutOff?: () => void;
};

/** Second step of the first start: a code from the phone, or later. */
export function SecondFactorStep({ onPutOff, ...setup }: SecondFactorStepProps) {
  return (
    <Gate
      wide
      title={m.second_factor_title()}
      lead={m.second_factor_lead()}
      step={{ at: 2, of: 3, words: m.start_step({ at: 2, of: 3 }) }}
      foot={
        onPutOff && (
          <Button kind="plain" onPress={onPutOff}>
            {m.second_factor_put_off()}
          </Button>
        )
      }
    >
      <SecondFactorSetup {...setup} />
    </Gate>
  );
}
