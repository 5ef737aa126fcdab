import { type ReactNode, useState } from "react";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { CancelButton, Dialog } from "./Dialog";
import { PasswordField } from "./PasswordField";

export type PasswordDialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  pending: boolean;
  error?: string | undefined;
  onConfirm: (password: string) => void;
};

/** Asks for the person's own password before an act that weakens or replaces one of their keys. */
export function PasswordDialog({ isOpen, ...props }: PasswordDialogProps) {
  // Mounted anew each time, so that no password waits in a closed dialog.
  return isOpen ? <Ask {...props} /> : null;
}

function Ask({
  children,
  action,
  danger,
  pending,
  error,
  onConfirm,
  ...dialog
}: Omit<PasswordDialogProps, "isOpen">) {
  const [password, setPassword] = useState("");
  return (
    <Dialog
      {...dialog}
      isOpen
      busy={pending}
      onSubmit={() => onConfirm(password)}
      footer={
        <>
          <CancelButton onPress={dialog.onClose} busy={pending} />
          <Button type="submit" kind={danger ? "danger" : "primary"} pending={pending}>
            {action}
          </Button>
        </>
      }
    >
      <div className="text-ink-soft">{children}</div>
      <PasswordField
        autoFocus
        label={m.password_own_label()}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={error}
      />
    </Dialog>
  );
}
