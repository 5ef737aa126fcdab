import { Gate } from "../../components/Gate";
import { RecoveryCodesSheet, type RecoveryCodesSheetProps } from "../../components/RecoveryCodesSheet";
import * as m from "../../paraglide/messages.js";
import { stepAt } from "./step";

export type RecoveryCodesStepProps = RecoveryCodesSheetProps & {
  /** Whether it is part of the first start and its steps are counted. */
  counted: boolean;
};

/** Still the second step: the codes for the day the phone is gone. */
export function RecoveryCodesStep({ counted, ...sheet }: RecoveryCodesStepProps) {
  return (
    <Gate
      screen="recovery-codes"
      wide
      title={m.recovery_codes_step_title()}
      lead={m.recovery_codes_step_lead()}
      {...(counted ? stepAt(2) : {})}
    >
      <RecoveryCodesSheet {...sheet} />
    </Gate>
  );
}
