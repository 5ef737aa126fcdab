import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { SecondFactorSetup, type SecondFactorSetupProps } from "../../components/SecondFactorSetup";
import * as m from "../../paraglide/messages.js";
import { stepAt } from "./step";

export type SecondFactorStepProps = SecondFactorSetupProps & {
  /** Whether it is part of the first start and its steps are counted. */
  counted: boolean;
  /** Absent where the shop's policy requires a second factor. */
  onPutOff?: (() => void) | undefined;
  onSignOut: () => void;
};

/** Second step of the first start: a code from the phone, or later. */
export function SecondFactorStep({ counted, onPutOff, onSignOut, ...setup }: SecondFactorStepProps) {
  return (
    <Gate
      screen="second-factor-set-up"
      wide
      title={m.second_factor_title()}
      lead={onPutOff ? m.second_factor_lead() : `${m.second_factor_lead()} ${m.second_factor_first()}`}
      {...(counted ? stepAt(2) : {})}
      foot={
        <>
          {onPutOff && (
            <Button kind="plain" onPress={onPutOff}>
              {m.second_factor_put_off()}
            </Button>
          )}
          <Button kind="plain" onPress={onSignOut}>
            {m.shell_sign_out()}
          </Button>
        </>
      }
    >
      <SecondFactorSetup {...setup} />
    </Gate>
  );
}
