import type { RecordedEvent } from "../../api/bindings";
import type { Column } from "../../components/DataGrid";
import { DateTime } from "../../components/DateTime";
import * as m from "../../paraglide/messages.js";
import { whereInWords } from "./EventDialog";
import { OutcomeMark } from "./Outcome";
import { plain } from "./plain";
import { sentenceOf, whyOf } from "./sentence";

/** The columns of the trail; without room only when, what and how it ended. */
export function columns(wide: boolean): Column<RecordedEvent>[] {
  const always: Column<RecordedEvent>[] = [
    {
      id: "at",
      header: m.audit_column_at(),
      width: "11.5rem",
      cell: ({ event }) => (
        <span className="text-ink-soft">
          <DateTime at={event.at} exact />
        </span>
      ),
    },
    {
      id: "what",
      header: m.audit_column_what(),
      width: "minmax(14rem, 1fr)",
      cell: ({ event }) => <What recorded={event} />,
    },
    {
      id: "outcome",
      header: m.audit_column_outcome(),
      width: "7.5rem",
      cell: ({ event }) => <OutcomeMark outcome={event.outcome} />,
    },
  ];
  const where: Column<RecordedEvent> = {
    id: "where",
    header: m.audit_column_where(),
    width: "minmax(8rem, 16rem)",
    cell: ({ event }) => <span className="truncate text-ink-soft">{whereInWords(event)}</span>,
  };
  return wide ? [...always, where] : always;
}

function What({ recorded: event }: { recorded: RecordedEvent["event"] }) {
  const more = event.code ? whyOf(event.code) : event.reason && plain(event.reason);
  return (
    <span className="truncate" title={sentenceOf(event)}>
      {sentenceOf(event)}
      {more && <span className="text-ink-faint"> · {more}</span>}
    </span>
  );
}
