import { type ReactNode, useState } from "react";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { CancelButton, Dialog } from "./Dialog";
import { TextField } from "./TextField";

export type ConfirmDialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will be lost, and for whom. */
  children: ReactNode;
  action: string;
  /** What has to be typed, such as the e-mail of the account. */
  typed: string;
  pending?: boolean;
  error?: string | undefined;
  onConfirm: () => void;
};

/** Asks for a typed confirmation: only for what cannot be undone. */
export function ConfirmDialog({ children, action, typed, pending = false, ...props }: ConfirmDialogProps) {
  const { error, onConfirm, ...dialog } = props;
  const [text, setText] = useState("");
  const same = text.trim().toLocaleLowerCase() === typed.toLocaleLowerCase();
  return (
    <Dialog
      {...dialog}
      busy={pending}
      onSubmit={() => same && onConfirm()}
      footer={
        <>
          <CancelButton onPress={dialog.onClose} busy={pending} />
          <Button
            type="submit"
            kind="danger"
            pending={pending}
            disabledReason={same ? undefined : m.confirm_first({ typed })}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className="text-ink-soft">{children}</div>
      <TextField
        autoFocus
        label={m.confirm_label({ typed })}
        autoComplete="off"
        value={text}
        onChange={setText}
        error={error}
      />
    </Dialog>
  );
}
