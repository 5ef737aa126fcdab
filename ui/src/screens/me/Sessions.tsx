import { useQueryClient } from "@tanstack/react-query";
import { Monitor, SquareTerminal } from "lucide-react";
import type { AccountPage, SessionRow } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { programInWords } from "../../api/words";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Panel } from "../../components/Panel";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";

/** Where one is signed in: the program and the computer of each session, and a way to end it. */
export function Sessions({ page: { account, sessions } }: { page: AccountPage }) {
  const alone = sessions.every(({ current }) => current);
  return (
    <Panel title={m.me_sessions_title()} lead={alone && m.me_session_only()}>
      <ul className="grid divide-y divide-line">
        {sessions.map((session) => (
          <Session key={session.id} account={account.id} session={session} />
        ))}
      </ul>
    </Panel>
  );
}

function Session({ account, session }: { account: string; session: SessionRow }) {
  const queries = useQueryClient();
  const end = useAct(() => call("endSession", account, session.id));
  const { program, address } = session.source;
  const where = address ?? m.me_session_unknown();
  const Icon = program === "command_line" ? SquareTerminal : Monitor;
  return (
    <li className="flex min-h-14 items-center gap-3 py-2">
      <Icon aria-hidden size={18} className="shrink-0 text-ink-faint" />
      <div className="min-w-0 grow">
        <p className="truncate font-medium">
          {programInWords(program)} · {where}
        </p>
        <p className="text-ink-soft text-small">
          {m.me_session_since()} <DateTime at={session.created_at} /> · {m.me_session_seen()}{" "}
          <DateTime at={session.seen_at} />
        </p>
      </div>
      {session.current ? (
        <Badge tone="accent">{m.me_session_here()}</Badge>
      ) : (
        <Button
          label={m.me_session_end_name({ where })}
          pending={end.pending}
          onPress={async () => {
            const outcome = await end.run();
            if (!outcome) return;
            if (outcome.ok) say(m.me_session_ended());
            else say(sentenceOf(outcome.error), { tone: "danger" });
            await queries.invalidateQueries({ queryKey: ["account", account] });
          }}
        >
          {m.me_session_end()}
        </Button>
      )}
    </li>
  );
}
