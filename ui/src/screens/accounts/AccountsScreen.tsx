import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus, Users } from "lucide-react";
import { useState } from "react";
import type { AccountMade, AccountSort } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { everyRole, roleInWords } from "../../api/words";
import { Button } from "../../components/Button";
import { DataGrid } from "../../components/DataGrid";
import { FilterBar, FilterChip } from "../../components/FilterBar";
import { keysInWords, useShortcut } from "../../components/shortcuts";
import { EmptyState } from "../../components/states";
import { Tooltip } from "../../components/Tooltip";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { EnrolmentDialog } from "../account/Enrolment";
import { standingInWords } from "../account/standing";
import { AccountCount, useAccountCount } from "../lists/AccountCount";
import { GoOn } from "../lists/GoOn";
import { ListSearch } from "../lists/ListSearch";
import { NobodyFound } from "../lists/NobodyFound";
import { isFiltered, useFilters } from "../lists/useFilters";
import { pageRows, usePages } from "../lists/usePages";
import { useWide } from "../lists/useWide";
import { CreateDialog } from "./CreateDialog";
import { columns } from "./columns";
import { asked, listedStandings, readFilters } from "./filters";

/** Everybody's accounts: found in three letters, opened with Enter. */
export function AccountsScreen() {
  const [filters, setFilters] = useFilters(readFilters);
  const { sort = "email", descending = false } = filters;
  const filter = asked(filters);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const wide = useWide();
  const create = useCan().create();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<AccountMade>();
  const begin = create.allowed ? () => setCreating(true) : undefined;
  useShortcut("create", begin);

  const { grid, goOn } = usePages(["accounts", filter, sort, descending], (after) =>
    fetchOf("accounts", { filter, sort, descending, after, limit: pageRows }),
  );
  const total = useAccountCount(filter);
  const filtered = isFiltered(filters);
  const clear = () => setFilters({ sort: filters.sort, descending: filters.descending });

  const newAccount = create.allowed ? (
    <Tooltip words={m.accounts_new()} keys={keysInWords("create")}>
      <Button kind="primary" icon={Plus} onPress={() => setCreating(true)}>
        {m.accounts_new()}
      </Button>
    </Tooltip>
  ) : (
    <Button icon={Plus} disabledReason={create.why}>
      {m.accounts_new()}
    </Button>
  );

  return (
    <View screen="accounts" title={m.section_accounts()} actions={newAccount}>
      <FilterBar onClear={filtered ? clear : undefined} actions={<AccountCount total={total} />}>
        <ListSearch
          label={m.accounts_search()}
          value={filters.text ?? ""}
          onSearch={(text) => setFilters({ ...filters, text: text || undefined })}
        />
        <FilterChip
          label={m.accounts_filter_role()}
          choices={everyRole.map((id) => ({ id, label: roleInWords(id) }))}
          value={filters.role}
          onChange={(role) => setFilters({ ...filters, role })}
        />
        <FilterChip
          label={m.accounts_filter_standing()}
          choices={listedStandings.map((id) => ({ id, label: standingInWords(id) }))}
          value={filters.standing}
          onChange={(standing) => setFilters({ ...filters, standing })}
        />
        <FilterChip
          label={m.accounts_filter_second_factor()}
          choices={[
            { id: "with", label: m.accounts_filter_with() },
            { id: "without", label: m.accounts_filter_without() },
          ]}
          value={filters.factor}
          onChange={(factor) => setFilters({ ...filters, factor })}
        />
      </FilterBar>
      <GoOn onGoOn={goOn} />
      <DataGrid
        label={m.section_accounts()}
        columns={columns(wide)}
        rowId={({ account }) => account.id}
        total={total}
        sort={{ column: sort, descending }}
        onSort={({ column, descending }) =>
          setFilters({ ...filters, sort: column as AccountSort, descending: descending || undefined })
        }
        onActivate={({ account }) => void navigate({ to: "/accounts/$id", params: { id: account.id } })}
        empty={filtered ? <NobodyFound onClear={clear} /> : <NoAccounts onCreate={begin} />}
        {...grid}
      />
      {creating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onMade={(made) => {
            setCreating(false);
            setMade(made);
            void queries.invalidateQueries({ queryKey: ["accounts"] });
          }}
        />
      )}
      <EnrolmentDialog enrolment={made?.enrolment} onClose={() => setMade(undefined)} />
    </View>
  );
}

function NoAccounts({ onCreate }: { onCreate: (() => void) | undefined }) {
  return (
    <EmptyState
      icon={Users}
      title={m.accounts_none_title()}
      action={
        onCreate && (
          <Button kind="primary" icon={Plus} onPress={onCreate}>
            {m.accounts_new()}
          </Button>
        )
      }
    >
      {m.accounts_none()}
    </EmptyState>
  );
}
