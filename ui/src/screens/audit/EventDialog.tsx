import type { AuditEvent, RecordedEvent } from "../../api/bindings";
import { numberOf } from "../../api/numbers";
import { programInWords } from "../../api/words";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { DescriptionList } from "../../components/DescriptionList";
import { Dialog } from "../../components/Dialog";
import * as m from "../../paraglide/messages.js";
import { actions } from "./actions";
import { factInWords, fieldInWords, valueInWords } from "./fields";
import { OutcomeMark } from "./Outcome";
import { plain } from "./plain";
import { actorInWords, sentenceOf, whyOf } from "./sentence";

export type EventDialogProps = {
  recorded: RecordedEvent;
  onClose: () => void;
  onOpenAccount: (id: string) => void;
  onOnlyAccount: (id: string) => void;
  onOnlyAddress: (address: string) => void;
};

/** Everything the trail knows of one event. */
export function EventDialog({ recorded, onClose, ...go }: EventDialogProps) {
  const { seq, event } = recorded;
  const { subject, source } = event;
  const { address } = source;
  return (
    <Dialog
      isOpen
      wide
      onClose={onClose}
      title={m.audit_entry({ seq })}
      footer={
        <>
          {address !== null && (
            <Button onPress={() => go.onOnlyAddress(address)}>{m.audit_only_address()}</Button>
          )}
          {subject !== null && (
            <>
              <Button onPress={() => go.onOnlyAccount(subject)}>{m.audit_only_account()}</Button>
              <Button kind="primary" onPress={() => go.onOpenAccount(subject)}>
                {m.audit_open_account()}
              </Button>
            </>
          )}
        </>
      }
    >
      <p className="font-medium text-lead">{sentenceOf(event)}</p>
      <DescriptionList entries={entriesOf(event)} />
      <Changes event={event} />
    </Dialog>
  );
}

function entriesOf(event: AuditEvent) {
  const { at, actor, action, outcome, code, subject_email, reason, details } = event;
  const entries = [
    { label: m.audit_at(), value: <DateTime at={at} exact /> },
    { label: m.audit_action(), value: actions[action].label() },
    { label: m.audit_outcome(), value: <OutcomeMark outcome={outcome} /> },
    code && { label: m.audit_why(), value: whyOf(code) },
    { label: m.audit_actor(), value: actorInWords(actor) },
    subject_email !== null && { label: m.audit_subject(), value: plain(subject_email) },
    reason !== null && { label: m.audit_reason(), value: plain(reason) },
    { label: m.audit_where(), value: whereInWords(event) },
    ...Object.entries(details.facts ?? {}).map(([fact, value]) => ({
      label: factInWords(fact),
      value: /^\d{4}-\d\d-\d\dT/.test(value) ? <DateTime at={value} exact /> : valueInWords(fact, value),
    })),
    code && { label: m.audit_code(), value: <code className="font-mono select-all">{numberOf(code)}</code> },
  ];
  return entries.filter((entry) => typeof entry === "object" && entry !== null);
}

/** "Keyholder window on FRONT-DESK". */
function whereInWords({ source }: AuditEvent): string {
  const program = programInWords(source.program);
  return source.address === null
    ? program
    : m.account_session_place({ program, place: plain(source.address) });
}

function Changes({ event }: { event: AuditEvent }) {
  const changes = event.details.changes ?? [];
  if (changes.length === 0) return null;
  return (
    <table className="w-full text-start">
      <caption className="pb-1 text-start font-medium">{m.audit_changes()}</caption>
      <thead className="text-ink-soft text-small">
        <tr>
          {[m.audit_field(), m.audit_before(), m.audit_after()].map((heading) => (
            <th key={heading} scope="col" className="py-1 pe-4 text-start font-medium">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field} className="border-line border-t align-top">
            <th scope="row" className="py-1.5 pe-4 text-start font-normal text-ink-soft">
              {fieldInWords(field)}
            </th>
            <td className="py-1.5 pe-4">{valueInWords(field, before)}</td>
            <td className="py-1.5">{valueInWords(field, after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
