import type { ReactNode } from "react";

export type DescriptionListProps = {
  entries: readonly { label: string; value: ReactNode }[];
  /** Each name above its value, where there is little room. */
  stacked?: boolean;
};

/** Names and what stands for them. */
export function DescriptionList({ entries, stacked = false }: DescriptionListProps) {
  if (stacked) {
    return (
      <dl className="grid gap-3">
        {entries.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-ink-faint text-small">{label}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return (
    <dl className="grid grid-cols-[minmax(8rem,max-content)_1fr] gap-x-6 gap-y-2.5">
      {entries.map(({ label, value }) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-faint">{label}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
