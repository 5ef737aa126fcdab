import { Monitor, SquareTerminal } from "lucide-react";
import type { AccountPage, SessionRow } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Allowance } from "../../api/rights";
import { programInWords } from "../../api/words";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Panel } from "../../components/Panel";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { nameOf, plain } from "../audit/plain";
import { useChanged } from "./useChanged";

export type SessionsProps = {
  page: AccountPage;
  /** Whether this person may end them. */
  allowance: Allowance;
};

/** Where the account is signed in now: the program, the computer and when. */
export function Sessions({ page, allowance }: SessionsProps) {
  const { account, sessions } = page;
  return (
    <Panel title={m.account_sessions_title()}>
      {sessions.length === 0 && <p className="text-ink-soft">{m.account_sessions_none()}</p>}
      <ul className="grid divide-y divide-line">
        {sessions.map((session) => (
          <Session
            key={session.id}
            session={session}
            account={account.id}
            name={nameOf(account)}
            allowance={allowance}
          />
        ))}
      </ul>
    </Panel>
  );
}

type SessionProps = { session: SessionRow; account: string; name: string; allowance: Allowance };

function Session({ session, account, name, allowance }: SessionProps) {
  const changed = useChanged();
  const end = useAct(async () => {
    const outcome = await call("endSession", account, session.id);
    await changed();
    return outcome;
  });
  const { program, address } = session.source;
  const place = m.account_session_place({
    program: programInWords(program),
    place: address ? plain(address) : m.place_unknown(),
  });
  const Icon = program === "command_line" ? SquareTerminal : Monitor;
  const press = async () => {
    const outcome = await end.run();
    if (outcome?.ok) say(m.act_end_session_said({ name }), { about: account });
    else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
  };
  return (
    <li className="flex flex-wrap items-center gap-3 py-2.5">
      <Icon aria-hidden size={18} className="shrink-0 text-ink-faint" />
      <div className="min-w-0 grow">
        <p className="font-medium">{place}</p>
        <p className="text-ink-soft text-small">
          {session.stage === "open" ? (
            <>
              {m.account_session_seen()} <DateTime at={session.seen_at} /> · {m.account_session_since()}{" "}
              <DateTime at={session.created_at} />
            </>
          ) : (
            <>
              {m.account_session_unfinished()}, <DateTime at={session.created_at} />
            </>
          )}
        </p>
      </div>
      {session.current ? (
        <Badge tone="accent">{m.account_session_current()}</Badge>
      ) : (
        <Button
          pending={end.pending}
          onPress={() => void press()}
          disabledReason={allowance.allowed ? undefined : allowance.why}
        >
          {m.account_session_end()} <span className="sr-only">{place}</span>
        </Button>
      )}
    </li>
  );
}
