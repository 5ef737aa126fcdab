import type { ReactNode } from "react";
import { Mark } from "./Mark";

export type GateProps = {
  /** The screen's name for whoever looks for it from outside. */
  screen?: string;
  title: string;
  lead?: ReactNode;
  /** "Step 2 of 3", where there are steps. */
  step?: { at: number; of: number; words: string };
  children: ReactNode;
  /** What else one can do from here. */
  foot?: ReactNode;
  wide?: boolean;
};

/** The frame of every view before somebody is signed in: one card, one thing to do. */
export function Gate({ screen, title, lead, step, children, foot, wide }: GateProps) {
  return (
    <main data-screen={screen} className="grid min-h-full place-items-center overflow-y-auto p-5">
      <div className={wide ? "w-full max-w-xl" : "w-full max-w-md"}>
        {/* A low window has better use for the room. */}
        <Mark className="mx-auto mb-4 block size-10 [@media(max-height:44rem)]:hidden" />
        <div className="rounded-card border border-line bg-surface p-6 shadow-raised wrap-anywhere">
          {step && (
            <div className="mb-4 flex items-center gap-3">
              <p className="text-ink-faint text-small">{step.words}</p>
              <div aria-hidden className="flex gap-1">
                {Array.from({ length: step.of }, (_, at) => at + 1).map((at) => (
                  <span
                    key={at}
                    className={`h-1 w-7 rounded-pill ${at <= step.at ? "bg-accent-ink" : "bg-pressed"}`}
                  />
                ))}
              </div>
            </div>
          )}
          <h1 className="font-bold text-title tracking-tight">{title}</h1>
          {lead && <p className="pt-1 text-ink-soft">{lead}</p>}
          <div className="pt-4">{children}</div>
        </div>
        {foot && <div className="flex flex-wrap justify-center gap-x-2 pt-4">{foot}</div>}
      </div>
    </main>
  );
}
