import type { RecordedEvent } from "../../api/bindings";
import { programInWords } from "../../api/words";
import type { Column } from "../../components/DataGrid";
import { DateTime } from "../../components/DateTime";
import * as m from "../../paraglide/messages.js";
import { OutcomeMark } from "./Outcome";
import { plain } from "./plain";
import { besideOf, sentenceOf } from "./sentence";

/** The columns of the trail; without room only when, what and how it ended. */
export function columns(wide: boolean): Column<RecordedEvent>[] {
  const always: Column<RecordedEvent>[] = [
    {
      id: "at",
      header: m.audit_column_at(),
      width: wide ? "12rem" : "8.5rem",
      cell: ({ event }) => (
        <span className="text-ink-soft">
          <DateTime at={event.at} exact={wide} />
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
      width: "7rem",
      cell: ({ event }) => <OutcomeMark outcome={event.outcome} />,
    },
  ];
  const where: Column<RecordedEvent> = {
    id: "where",
    header: m.audit_column_where(),
    width: "minmax(8rem, 10rem)",
    cell: ({ event }) => (
      <span className="truncate text-ink-soft">
        {event.source.address ? plain(event.source.address) : programInWords(event.source.program)}
      </span>
    ),
  };
  return wide ? [...always, where] : always;
}

function What({ recorded: event }: { recorded: RecordedEvent["event"] }) {
  const more = besideOf(event);
  return (
    <span className="line-clamp-2 whitespace-normal leading-5">
      {sentenceOf(event)}
      {more && <span className="text-ink-faint"> · {more}</span>}
    </span>
  );
}
