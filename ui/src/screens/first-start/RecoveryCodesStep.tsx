import { Gate } from "../../components/Gate";
import { RecoveryCodesSheet, type RecoveryCodesSheetProps } from "../../components/RecoveryCodesSheet";
import * as m from "../../paraglide/messages.js";

/** Still the second step: the codes for the day the phone is gone. */
export function RecoveryCodesStep(props: RecoveryCodesSheetProps) {
  return (
    <Gate
      wide
      title={m.recovery_codes_step_title()}
      lead={m.recovery_codes_step_lead()}
      step={{ at: 2, of: 3, words: m.start_step({ at: 2, of: 3 }) }}
    >
      <RecoveryCodesSheet {...props} />
    </Gate>
  );
}
