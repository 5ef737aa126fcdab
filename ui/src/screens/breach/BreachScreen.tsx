import { CircleCheck, CircleHelp, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import type { BreachAnswer, NotCheckedReason } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import type { Tone } from "../../components/Badge";
import { Button } from "../../components/Button";
import { dayInWords } from "../../components/DateTime";
import { numberInWords } from "../../components/locale";
import { Notice } from "../../components/Notice";
import { Panel } from "../../components/Panel";
import { PasswordField } from "../../components/PasswordField";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Whether a password is known to have leaked: yes, not as far as the list goes, or nobody knows. */
export function BreachScreen() {
  const allowed = useCan().checkBreaches();
  const [password, setPassword] = useState("");
  const [empty, setEmpty] = useState(false);
  const [answer, setAnswer] = useState<BreachAnswer>();
  const check = useAct((password: string) => call("checkBreach", password));

  const send = async () => {
    if (!allowed.allowed) return;
    setEmpty(password === "");
    if (password === "") return;
    setAnswer(undefined);
    const outcome = await check.run(password);
    if (!outcome) return;
    // Whatever came of it, the password has done its work.
    setPassword("");
    if (outcome.ok) setAnswer(outcome.value);
  };
  const error = empty ? m.breach_empty() : check.error && sentenceOf(check.error);
  return (
    <View screen="breach" title={m.breach_title()} lead={m.breach_lead()}>
      <div className="grid max-w-2xl gap-5">
        <Panel title={m.breach_what_leaves_title()} lead={m.breach_what_leaves()} />
        <Form
          className="flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <div className="min-w-64 grow">
            <PasswordField
              autoFocus
              label={m.breach_field()}
              autoComplete="off"
              value={password}
              onChange={(typed) => {
                setPassword(typed);
                setEmpty(false);
              }}
              error={error}
            />
          </div>
          <Button
            type="submit"
            kind="primary"
            pending={check.pending}
            disabledReason={allowed.allowed ? undefined : allowed.why}
          >
            {m.breach_do()}
          </Button>
        </Form>
        <div role="status">{answer && <Said answer={answer} />}</div>
      </div>
    </View>
  );
}

function Said({ answer }: { answer: BreachAnswer }) {
  const { tone, icon, title, next } = wordsOf(answer);
  return (
    <Notice tone={tone} icon={icon} title={title}>
      {next.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="text-small">{m.breach_cleared()}</p>
    </Notice>
  );
}

function wordsOf(answer: BreachAnswer) {
  switch (answer.kind) {
    case "breached":
      return {
        tone: "danger" as Tone,
        icon: ShieldAlert,
        title: m.breach_found({ count: answer.times, number: numberInWords(answer.times) }),
        next: [m.breach_found_next()],
      };
    case "not_found":
      return {
        tone: "good" as Tone,
        icon: CircleCheck,
        title: m.breach_not_found({ date: dayInWords(answer.as_of) }),
        next: [m.breach_not_found_next()],
      };
    case "not_checked":
      return {
        tone: "warn" as Tone,
        icon: CircleHelp,
        title: m.breach_not_checked(),
        next: [whyInWords(answer.why), m.breach_not_checked_next()],
      };
  }
}

function whyInWords(why: NotCheckedReason): string {
  switch (why.kind) {
    case "switched_off":
      return m.breach_why_switched_off();
    case "unreachable":
      return m.breach_why_unreachable();
    case "timed_out":
      return m.breach_why_timed_out();
    case "tls":
      return m.breach_why_tls();
    case "too_many_requests":
      return m.breach_why_too_many_requests({ count: why.retry_after });
    case "bad_answer":
      return m.breach_why_bad_answer();
  }
}
