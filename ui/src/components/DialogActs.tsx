import { Button } from "./Button";
import { CancelButton } from "./Dialog";

export type DialogActsProps = {
  /** What sending the dialog does. */
  action: string;
  onCancel: () => void;
  pending: boolean;
  danger?: boolean | undefined;
  /** Why it cannot be done now. */
  disabledReason?: string | undefined;
};

/** The two ways out of a dialog that is a form. */
export function DialogActs({ action, onCancel, pending, danger, disabledReason }: DialogActsProps) {
  return (
    <>
      <CancelButton onPress={onCancel} busy={pending} />
      <Button
        type="submit"
        kind={danger ? "danger" : "primary"}
        pending={pending}
        disabledReason={disabledReason}
      >
        {action}
      </Button>
    </>
  );
}
