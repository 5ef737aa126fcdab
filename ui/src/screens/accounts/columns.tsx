import type { AccountRow } from "../../api/bindings";
import { roleInWords } from "../../api/words";
import type { Column } from "../../components/DataGrid";
import { DateTime } from "../../components/DateTime";
import * as m from "../../paraglide/messages.js";
import { SecondFactorMark, StandingBadge } from "../account/standing";

/** The columns of the list; without room only those by which somebody is found. */
export function columns(wide: boolean): Column<AccountRow>[] {
  const always: Column<AccountRow>[] = [
    {
      id: "name",
      header: m.accounts_column_name(),
      width: "minmax(8rem, 1.2fr)",
      sortable: true,
      cell: ({ account }) => (
        <span title={account.name} className="truncate font-medium">
          {account.name || "–"}
        </span>
      ),
    },
    {
      id: "email",
      header: m.accounts_column_email(),
      width: "minmax(10rem, 1.6fr)",
      sortable: true,
      cell: ({ account }) => (
        <span title={account.email} className="truncate text-ink-soft">
          {account.email}
        </span>
      ),
    },
    {
      id: "role",
      header: m.accounts_column_role(),
      width: "6.5rem",
      sortable: true,
      cell: ({ account }) => roleInWords(account.role),
    },
    {
      id: "standing",
      header: m.accounts_column_standing(),
      width: "8rem",
      cell: ({ standing }) => <StandingBadge standing={standing} />,
    },
  ];
  const withRoom: Column<AccountRow>[] = [
    {
      id: "second_factor",
      header: m.accounts_column_second_factor(),
      width: "8rem",
      cell: ({ second_factor }) => <SecondFactorMark on={second_factor} />,
    },
    {
      id: "last_sign_in_at",
      header: m.accounts_column_last(),
      width: "9.5rem",
      sortable: true,
      cell: ({ last_sign_in_at: at }) =>
        at ? <DateTime at={at} /> : <span className="text-ink-faint">{m.never()}</span>,
    },
  ];
  return wide ? [...always, ...withRoom] : always;
}
