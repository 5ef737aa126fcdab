import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Panel } from "../../components/Panel";
import { Skeleton, ViewState } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { OutcomeMark } from "../audit/Outcome";
import { besideOf, sentenceOf } from "../audit/sentence";

/** As many as are worth telling on the phone. */
const last = 6;

/** What happened last to an account, or by its holder. */
export function Happened({ account }: { account: string }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ["events", "last", account],
    queryFn: () => fetchOf("events", { account, limit: last }),
  });
  return (
    <Panel
      title={m.account_last_title()}
      actions={
        <div className="-my-1.5 -me-3.5">
          <Button kind="plain" onPress={() => void navigate({ to: "/audit", search: { account } })}>
            {m.account_all_events()}
          </Button>
        </div>
      }
    >
      <ViewState
        data={data?.rows}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={<Skeleton className="h-24" />}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="text-ink-soft">{m.account_no_events()}</p>}
      >
        {(rows) => (
          <ol className="grid divide-y divide-line">
            {rows.map(({ seq, event }) => (
              <li key={seq} className="flex items-start gap-2.5 py-2">
                <span className="mt-0.5">
                  <OutcomeMark outcome={event.outcome} brief />
                </span>
                <div className="min-w-0 grow">
                  <p>{sentenceOf(event)}</p>
                  <p className="text-ink-soft text-small">{besideOf(event)}</p>
                </div>
                <span className="shrink-0 text-ink-soft text-small">
                  <DateTime at={event.at} />
                </span>
              </li>
            ))}
          </ol>
        )}
      </ViewState>
    </Panel>
  );
}
