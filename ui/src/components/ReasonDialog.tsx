import { type ReactNode, useState } from "react";
import * as m from "../paraglide/messages.js";
import { Dialog } from "./Dialog";
import { DialogActs } from "./DialogActs";
import { TextField } from "./TextField";

export type ReasonDialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  action: string;
  danger?: boolean;
  /** Whether an empty reason will do. */
  optional?: boolean;
  pending?: boolean;
  /** What was refused, or went wrong, last time. */
  error?: string | undefined;
  onConfirm: (reason: string) => void;
};

const longest = 500;

/** Asks why before an act whose reason goes into the audit trail. */
export function ReasonDialog({
  children,
  action,
  danger,
  optional,
  pending = false,
  ...props
}: ReasonDialogProps) {
  const { error, onConfirm, ...dialog } = props;
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const missing = !optional && reason.trim() === "";
  return (
    <Dialog
      {...dialog}
      busy={pending}
      onSubmit={() => {
        setAsked(true);
        if (!missing) onConfirm(reason.trim());
      }}
      footer={<DialogActs action={action} onCancel={dialog.onClose} pending={pending} danger={danger} />}
    >
      <div className="text-ink-soft">{children}</div>
      <TextField
        autoFocus
        label={optional ? m.reason_label_optional() : m.reason_label()}
        help={m.reason_help()}
        value={reason}
        onChange={setReason}
        maxLength={longest}
        error={error ?? (asked && missing ? m.reason_missing() : undefined)}
      />
    </Dialog>
  );
}
