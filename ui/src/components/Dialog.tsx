import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Form, Heading, Modal, ModalOverlay } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { IconButton } from "./IconButton";

export type DialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The acts, the main one last. */
  footer?: ReactNode;
  /** Makes the whole a form: Enter in a field does the main act. */
  onSubmit?: () => void;
  /** Set while an act is under way that must not be left half way. */
  busy?: boolean;
  wide?: boolean;
};

/** A question over the view. Escape, the cross and a press outside leave it. */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  footer,
  onSubmit,
  busy = false,
  wide,
}: DialogProps) {
  const body = (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto px-5 pb-5 wrap-anywhere">
        {children}
      </div>
      {footer && (
        <div className="flex flex-wrap justify-end gap-2 rounded-b-card border-line border-t bg-canvas px-5 py-3">
          {footer}
        </div>
      )}
    </>
  );
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!busy}
      isKeyboardDismissDisabled={busy}
      className="fixed inset-0 z-10 grid place-items-center overflow-auto bg-veil p-4"
    >
      <Modal
        className={cx(
          "w-full animate-appear rounded-card border border-line bg-raised shadow-dialog",
          wide ? "max-w-2xl" : "max-w-md",
        )}
      >
        <AriaDialog className="flex max-h-[85vh] flex-col outline-none">
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <Heading slot="title" className="min-w-0 font-bold text-lead tracking-tight wrap-anywhere">
              {title}
            </Heading>
            {!busy && <IconButton icon={X} label={m.dialog_close()} onPress={onClose} />}
          </header>
          {onSubmit ? (
            <Form
              className="flex min-h-0 flex-col"
              onSubmit={(event) => {
                event.preventDefault();
                if (!busy) onSubmit();
              }}
            >
              {body}
            </Form>
          ) : (
            body
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** "Cancel", which every dialog has. */
export function CancelButton({ onPress, busy }: { onPress: () => void; busy?: boolean }) {
  return (
    <Button onPress={onPress} disabledReason={busy ? m.dialog_wait() : undefined}>
      {m.dialog_cancel()}
    </Button>
  );
}
