import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { fetchOf } from "../../api/client";
import { DataGrid } from "../../components/DataGrid";
import { FilterBar } from "../../components/FilterBar";
import { EmptyState } from "../../components/states";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { AccountCount, useAccountCount } from "../lists/AccountCount";
import { GoOn } from "../lists/GoOn";
import { ListSearch } from "../lists/ListSearch";
import { NobodyFound } from "../lists/NobodyFound";
import { someText, useFilters } from "../lists/useFilters";
import { pageRows, usePages } from "../lists/usePages";
import { useWide } from "../lists/useWide";
import { columns } from "./columns";
import { useDaysKept } from "./useDaysKept";

const readFilters = (raw: Record<string, unknown>) => ({ text: someText(raw.text) });

/** Deleted accounts: how long each can still be restored. */
export function RecycleBinScreen() {
  const [{ text }, setFilters] = useFilters(readFilters);
  const filter = { text: text ?? null, standing: "deleted" as const };
  const navigate = useNavigate();
  const wide = useWide();
  const daysKept = useDaysKept();
  const { grid, goOn } = usePages(["accounts", filter], (after) =>
    fetchOf("accounts", { filter, after, limit: pageRows }),
  );
  const total = useAccountCount(filter);
  const clear = () => setFilters({ text: undefined });

  return (
    <View screen="recycle-bin" title={m.section_recycle_bin()} lead={m.bin_lead()}>
      <FilterBar onClear={text ? clear : undefined} actions={<AccountCount total={total} />}>
        <ListSearch
          label={m.bin_search()}
          value={text ?? ""}
          onSearch={(text) => setFilters({ text: text || undefined })}
        />
      </FilterBar>
      <GoOn onGoOn={goOn} />
      <DataGrid
        label={m.section_recycle_bin()}
        columns={columns(wide, daysKept)}
        rowId={({ account }) => account.id}
        total={total}
        onActivate={({ account }) => void navigate({ to: "/accounts/$id", params: { id: account.id } })}
        empty={
          text ? (
            <NobodyFound onClear={clear} />
          ) : (
            <EmptyState icon={Trash2} title={m.bin_none_title()}>
              {m.bin_none()}
            </EmptyState>
          )
        }
        {...grid}
      />
    </View>
  );
}
