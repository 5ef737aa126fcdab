import type { EnrolmentShown } from "../../api/bindings";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Dialog } from "../../components/Dialog";
import { SecretGroups } from "../../components/SecretGroups";
import { SheetActions } from "../../components/SheetActions";
import * as m from "../../paraglide/messages.js";
import { useSheet } from "../../session/useSheet";
import { nameOf } from "../audit/plain";

export type EnrolmentDialogProps = {
  /** Shown while it is there. */
  enrolment: EnrolmentShown | undefined;
  onClose: () => void;
};

/** An enrolment code, shown once: to read out, copy, save or print. */
export function EnrolmentDialog({ enrolment, onClose }: EnrolmentDialogProps) {
  return enrolment && <Sheet enrolment={enrolment} onClose={onClose} />;
}

function Sheet({ enrolment, onClose }: { enrolment: EnrolmentShown; onClose: () => void }) {
  const { code, expires_at, account } = enrolment;
  const name = nameOf(account);
  const sheet = useSheet("enrolment");
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.enrolment_shown_title({ name })}
      footer={
        <Button kind="primary" onPress={onClose}>
          {m.done()}
        </Button>
      }
    >
      <p className="text-ink-soft">{m.enrolment_shown_lead({ name })}</p>
      <div data-print className="grid gap-3 rounded-card border border-line bg-canvas p-5">
        <p className="text-ink-soft">{account.email}</p>
        <SecretGroups label={m.enrolment_code_label()} groups={code.split(/[\s-]+/)} />
        <p className="text-ink-soft text-small">
          <EnrolmentUntil at={expires_at} />
        </p>
        <p className="text-ink-soft text-small">{m.enrolment_shown_how()}</p>
      </div>
      <SheetActions {...sheet} />
    </Dialog>
  );
}

function EnrolmentUntil({ at }: { at: string }) {
  const [before, after] = m.enrolment_shown_until({ when: "\n" }).split("\n");
  return (
    <>
      {before}
      <DateTime at={at} exact />
      {after}
    </>
  );
}
