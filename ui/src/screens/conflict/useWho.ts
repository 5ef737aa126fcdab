import { useQuery } from "@tanstack/react-query";
import type { EventQuery } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { useCan } from "../../session/Session";
import { plain } from "../audit/plain";

/** Who did that last, where this person may read the trail. */
export function useWho(done: Pick<EventQuery, "account" | "action">): string | undefined {
  const allowed = useCan().readAudit().allowed;
  const { data } = useQuery({
    queryKey: ["events", "who", done],
    queryFn: () => fetchOf("events", { ...done, outcome: "done", limit: 1 }),
    enabled: allowed,
  });
  const actor = data?.rows[0]?.event.actor;
  return actor && "email" in actor ? plain(actor.email) : undefined;
}
