import { Search, X } from "lucide-react";
import type { Ref } from "react";
import { Button as AriaButton, SearchField as AriaSearchField, Input } from "react-aria-components";
import { cx } from "../design/cx";
import { box } from "./field";

export type SearchFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
};

/** Searches as one types; Escape clears. */
export function SearchField({ label, ref, ...field }: SearchFieldProps) {
  return (
    <AriaSearchField {...field} aria-label={label} className="group relative min-w-44 max-w-80 flex-1">
      <Search aria-hidden size={16} className="absolute inset-s-3 top-2.5 text-ink-faint" />
      <Input
        ref={ref ?? null}
        placeholder={label}
        className={cx(box, "ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden")}
      />
      <AriaButton className="absolute inset-e-1 top-1 grid size-7 place-items-center rounded-small text-ink-soft data-hovered:bg-hover group-data-empty:hidden">
        <X aria-hidden size={15} />
      </AriaButton>
    </AriaSearchField>
  );
}
