import { type ReactNode, useState } from "react";
import * as m from "../paraglide/messages.js";
import { Dialog } from "./Dialog";
import { DialogActs } from "./DialogActs";
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
      footer={<DialogActs action={action} onCancel={dialog.onClose} pending={pending} danger={danger} />}
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
