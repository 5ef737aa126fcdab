import { CircleAlert, CircleCheck } from "lucide-react";
import type { Flaw, IpcError, Verdict } from "../../api/bindings";
import { sentenceOf } from "../../api/errors";
import { Banner } from "../../components/Banner";
import * as m from "../../paraglide/messages.js";
import { counted } from "../lists/count";

const flaws: Record<Flaw, () => string> = {
  out_of_place: m.flaw_out_of_place,
  unlinked: m.flaw_unlinked,
  changed: m.flaw_changed,
  forged: m.flaw_forged,
};

/** Whether the trail is whole, as it was found just now. */
export function VerdictLine({
  verdict,
  error,
}: {
  verdict: Verdict | undefined;
  error: IpcError | undefined;
}) {
  return (
    <div role="status" className="empty:hidden">
      {error && (
        <Banner tone="danger" icon={CircleAlert}>
          {sentenceOf(error)}
        </Banner>
      )}
      {verdict?.verdict === "whole" && (
        <Banner tone="good" icon={CircleCheck}>
          {verdict.rows === 0 ? m.audit_verified_empty() : m.audit_verified(counted(verdict.rows))}
        </Banner>
      )}
      {verdict?.verdict === "broken" && (
        <Banner tone="danger" icon={CircleAlert}>
          <p className="font-medium">{m.audit_broken({ seq: verdict.first_bad_seq })}</p>
          <p>{flaws[verdict.why]()}</p>
          <p>{m.audit_broken_next()}</p>
        </Banner>
      )}
    </div>
  );
}
