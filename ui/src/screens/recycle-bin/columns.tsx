import { ArchiveRestore } from "lucide-react";
import type { Account, AccountRow } from "../../api/bindings";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import type { Column } from "../../components/DataGrid";
import { DateTime } from "../../components/DateTime";
import { Skeleton } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { useRestore } from "../account/useRestore";
import { plain } from "../audit/plain";
import { counted } from "../lists/count";
import { daysLeft } from "./useDaysKept";

/** The last days are few enough to hurry. */
const few = 3;

/** The columns of the recycle bin; without room only who, how long, and the way out. */
export function columns(wide: boolean, daysKept: number | undefined): Column<AccountRow>[] {
  const who: Column<AccountRow> = {
    id: "email",
    header: m.audit_filter_account(),
    width: "minmax(11rem, 1.4fr)",
    cell: ({ account }) => (
      <span title={account.name || account.email} className="truncate">
        {account.name && <span className="font-medium">{account.name} </span>}
        <span className="text-ink-soft">{account.email}</span>
      </span>
    ),
  };
  const deleted: Column<AccountRow>[] = [
    {
      id: "deleted",
      header: m.bin_column_deleted(),
      width: "8rem",
      cell: ({ account: { deleted } }) => deleted && <DateTime at={deleted.at} />,
    },
    {
      id: "by",
      header: m.bin_column_by(),
      width: "minmax(8rem, 1fr)",
      cell: ({ account: { deleted } }) =>
        deleted && (
          <span className="truncate text-ink-soft">
            {plain(deleted.by)}
            {deleted.reason && ` · ${plain(deleted.reason)}`}
          </span>
        ),
    },
  ];
  const end: Column<AccountRow>[] = [
    {
      id: "left",
      header: m.bin_column_left(),
      width: "8.5rem",
      cell: ({ account }) => <DaysLeft account={account} daysKept={daysKept} />,
    },
    {
      id: "restore",
      header: m.bin_column_act(),
      width: "8.5rem",
      cell: ({ account }) => <Restore account={account} />,
    },
  ];
  return wide ? [who, ...deleted, ...end] : [who, ...end];
}

function DaysLeft({ account: { deleted }, daysKept }: { account: Account; daysKept: number | undefined }) {
  if (!deleted || daysKept === undefined) return <Skeleton className="h-3 w-12" />;
  const left = daysLeft(deleted.at, daysKept);
  const words = left === 0 ? m.bin_days_none() : m.bin_days_left(counted(left));
  return left <= few ? <Badge tone="warn">{words}</Badge> : words;
}

function Restore({ account }: { account: Account }) {
  const allowance = useCan().restore(account);
  const { restore, pending } = useRestore(account);
  return (
    <Button
      icon={ArchiveRestore}
      pending={pending}
      onPress={restore}
      disabledReason={allowance.allowed ? undefined : allowance.why}
    >
      {m.act_restore()} <span className="sr-only">{account.name || account.email}</span>
    </Button>
  );
}
