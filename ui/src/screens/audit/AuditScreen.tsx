import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ScrollText, SearchX, ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { RecordedEvent } from "../../api/bindings";
import { call, fetchOf } from "../../api/client";
import { Button } from "../../components/Button";
import { DataGrid } from "../../components/DataGrid";
import { FilterBar, FilterChip, FilterTag } from "../../components/FilterBar";
import { EmptyState } from "../../components/states";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { GoOn } from "../lists/GoOn";
import { ListSearch } from "../lists/ListSearch";
import { isFiltered, useFilters } from "../lists/useFilters";
import { pageRows, usePages } from "../lists/usePages";
import { useWide } from "../lists/useWide";
import { type ActionGroup, actions, everyAction, groups } from "./actions";
import { columns } from "./columns";
import { DatesFilter } from "./DatesFilter";
import { EventDialog } from "./EventDialog";
import { asked, readFilters } from "./filters";
import { everyOutcome, outcomeInWords } from "./Outcome";
import { plain } from "./plain";
import { VerdictLine } from "./Verify";

const actionChoices = (Object.keys(groups) as ActionGroup[]).map((group) => ({
  label: groups[group](),
  choices: everyAction
    .filter((action) => actions[action].group === group)
    .map((action) => ({ id: action, label: actions[action].label() })),
}));

/** Everything that was done or tried, newest first. */
export function AuditScreen() {
  const [filters, setFilters] = useFilters(readFilters);
  const query = asked(filters);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const wide = useWide();
  const [shown, setShown] = useState<RecordedEvent>();
  const { grid, goOn } = usePages(["events", query], (after) =>
    fetchOf("events", { ...query, after, limit: pageRows }),
  );
  const { data: account } = useQuery({
    queryKey: ["account", filters.account],
    queryFn: () => fetchOf("account", filters.account ?? ""),
    enabled: filters.account !== undefined,
  });
  const verify = useVerify(() => queries.invalidateQueries({ queryKey: ["events"] }));
  const filtered = isFiltered(filters);
  const clear = () => setFilters({});
  const only = (part: Partial<typeof filters>) => {
    setShown(undefined);
    setFilters(part);
  };

  return (
    <View
      screen="audit"
      title={m.section_audit()}
      lead={m.audit_lead()}
      actions={
        <Button icon={ShieldCheck} pending={verify.pending} onPress={verify.run}>
          {m.audit_verify()}
        </Button>
      }
    >
      <VerdictLine verdict={verify.verdict} error={verify.error} />
      <FilterBar onClear={filtered ? clear : undefined}>
        <ListSearch
          label={m.audit_search()}
          value={filters.text ?? ""}
          onSearch={(text) => setFilters({ ...filters, text: text || undefined })}
        />
        <FilterChip
          label={m.audit_filter_action()}
          choices={actionChoices}
          value={filters.action}
          onChange={(action) => setFilters({ ...filters, action })}
        />
        <FilterChip
          label={m.audit_filter_outcome()}
          choices={everyOutcome.map((id) => ({ id, label: outcomeInWords(id) }))}
          value={filters.outcome}
          onChange={(outcome) => setFilters({ ...filters, outcome })}
        />
        <DatesFilter
          from={filters.from}
          until={filters.until}
          onChange={({ from, until }) => setFilters({ ...filters, from, until })}
        />
        {filters.account !== undefined && (
          <FilterTag
            label={m.audit_filter_account()}
            value={plain(account?.account.email ?? filters.account)}
            onRemove={() => setFilters({ ...filters, account: undefined })}
          />
        )}
        {filters.address !== undefined && (
          <FilterTag
            label={m.audit_filter_address()}
            value={plain(filters.address)}
            onRemove={() => setFilters({ ...filters, address: undefined })}
          />
        )}
      </FilterBar>
      <GoOn onGoOn={goOn} />
      <DataGrid
        label={m.section_audit()}
        columns={columns(wide)}
        rowId={({ seq }) => String(seq)}
        onActivate={setShown}
        empty={filtered ? <NothingFound onClear={clear} /> : <NothingYet />}
        {...grid}
      />
      {shown && (
        <EventDialog
          recorded={shown}
          onClose={() => setShown(undefined)}
          onOpenAccount={(id) => void navigate({ to: "/accounts/$id", params: { id } })}
          onOnlyAccount={(account) => only({ account })}
          onOnlyAddress={(address) => only({ address })}
        />
      )}
    </View>
  );
}

/** Checks the chain; that it was checked is an event of its own. */
function useVerify(onDone: () => void) {
  const verify = useAct(() => call("verifyTrail"));
  const [verdict, setVerdict] = useState<Awaited<ReturnType<typeof fetchOf<"verifyTrail">>>>();
  return {
    verdict,
    pending: verify.pending,
    error: verify.error,
    run: async () => {
      setVerdict(undefined);
      const outcome = await verify.run();
      if (!outcome?.ok) return;
      setVerdict(outcome.value);
      onDone();
    },
  };
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={SearchX}
      title={m.audit_none_title()}
      action={<Button onPress={onClear}>{m.filter_clear()}</Button>}
    >
      {m.audit_none()}
    </EmptyState>
  );
}

function NothingYet() {
  return (
    <EmptyState icon={ScrollText} title={m.audit_empty_title()}>
      {m.audit_empty()}
    </EmptyState>
  );
}
