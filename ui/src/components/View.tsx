import type { ReactNode } from "react";

export type ViewProps = {
  /** The screen's name for whoever looks for it from outside. */
  screen?: string;
  title: string;
  /** What this view is for, in one sentence. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** The way back, for a view that is opened from another. */
  back?: ReactNode;
  children: ReactNode;
};

/** The frame of every view: its title, its main acts, its body. */
export function View({ screen, title, lead, actions, back, children }: ViewProps) {
  return (
    <section data-screen={screen} aria-label={title} className="flex min-h-0 grow flex-col gap-5 px-7 py-6">
      <header className="flex shrink-0 flex-wrap items-start justify-between gap-4">
        <div className="min-w-0 flex-1 basis-64 wrap-anywhere">
          {back && <div className="-ms-3.5 -mt-2 pb-1">{back}</div>}
          <h1 className="font-bold text-title tracking-tight">{title}</h1>
          {lead && <p className="max-w-prose pt-0.5 text-ink-soft">{lead}</p>}
        </div>
        {actions && <div className="flex gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
