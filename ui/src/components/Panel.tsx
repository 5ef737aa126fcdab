import { type ReactNode, useId } from "react";

export type PanelProps = {
  title: string;
  /** What it is for, under the title. */
  lead?: ReactNode;
  /** What can be done with the whole of it. */
  actions?: ReactNode;
  children?: ReactNode;
};

/** One subject of a view, on a ground of its own. */
export function Panel({ title, lead, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid grid-cols-[minmax(0,1fr)] gap-4 wrap-anywhere rounded-card border border-line bg-surface p-5"
    >
      <header className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id={id} className="font-bold text-lead tracking-tight">
            {title}
          </h2>
          {lead && <div className="max-w-prose text-ink-soft">{lead}</div>}
        </div>
        {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
