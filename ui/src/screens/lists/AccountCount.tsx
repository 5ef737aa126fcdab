import { useQuery } from "@tanstack/react-query";
import type { AccountFilter } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import * as m from "../../paraglide/messages.js";
import { counted } from "./count";

/** How many accounts a filter finds; while another filter is on its way, the number before stays. */
export function useAccountCount(filter: AccountFilter): number | undefined {
  const { data } = useQuery({
    queryKey: ["accounts", "count", filter],
    queryFn: () => fetchOf("countAccounts", filter),
    placeholderData: (before) => before,
  });
  return data;
}

/** "498 accounts", beside the filters. */
export function AccountCount({ total }: { total: number | undefined }) {
  return (
    <p role="status" className="min-w-28 text-end text-ink-soft tabular-nums">
      {total !== undefined && m.accounts_count(counted(total))}
    </p>
  );
}
