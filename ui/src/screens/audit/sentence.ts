import type { Actor, AuditEvent, Code } from "../../api/bindings";
import { wordsOf } from "../../api/errors";
import * as m from "../../paraglide/messages.js";
import { actions } from "./actions";
import { plain } from "./plain";

/** "anna@example.com", "Somebody as ben@example.com", "Keyholder". */
export function actorInWords(actor: Actor): string {
  switch (actor.kind) {
    case "account":
      return plain(actor.email);
    case "unknown":
      return m.actor_unknown({ email: plain(actor.email) });
    case "password_holder":
      return m.actor_password_holder({ email: plain(actor.email) });
    case "api_token":
      return m.actor_api_token({ name: plain(actor.name) });
    case "keyholder":
      return m.actor_keyholder();
    case "recovery_key":
      return m.actor_recovery_key();
  }
}

/** What happened, as one would tell it: who did what to whom, or tried to. */
export function sentenceOf(event: AuditEvent): string {
  const { actor, action, outcome } = event;
  const who = actorInWords(actor);
  const whom = isOwn(event) ? m.audit_own() : plain(event.subject_email ?? m.audit_some_account());
  const words = actions[action];
  if (outcome === "done") return (special(event) ?? words.done)({ who, whom });
  const tell = outcome === "failed" ? (words.wrong ?? words.tried) : words.tried;
  return tell?.({ who, whom }) ?? m.audit_not_done({ who, label: words.label() });
}

function isOwn({ actor, subject }: AuditEvent): boolean {
  return actor.kind === "account" && actor.id === subject;
}

/** Done by somebody to themselves, or all at once, some things are said otherwise. */
function special(event: AuditEvent): ((people: { who: string }) => string) | undefined {
  const { action, details } = event;
  if (action === "sign_in.password" && details.facts?.stage !== "second_factor") return m.action_signed_in;
  if (!isOwn(event)) return undefined;
  if (action === "session.ended") return m.action_signed_out;
  if (action === "session.all_ended") return m.action_all_signed_out;
  return undefined;
}

/** Why it was not done: "Too many wrong tries". */
export function whyOf(code: Code): string {
  return wordsOf(code).happened;
}

const rightOnce: readonly Code[] = ["code_replayed", "code_out_of_time"];

/** What a line says beside its sentence: why it was refused, or the reason of who did it. */
export function besideOf({ code, outcome, reason }: AuditEvent): string | undefined {
  // That a wrong secret was wrong is the sentence already; that it was right once is not.
  if (code && (outcome === "refused" || rightOnce.includes(code))) return whyOf(code);
  return reason === null ? undefined : plain(reason);
}
