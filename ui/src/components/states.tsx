import { CircleAlert, type LucideIcon, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { useCountdown } from "./useCountdown";

type StateProps = {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
};

function State({ icon: Icon, title, children, action, tone }: StateProps & { tone: string }) {
  return (
    <div className="mx-auto grid max-w-md animate-appear justify-items-center gap-3 px-6 py-16 text-center">
      <span className={cx("grid size-12 place-items-center rounded-card", tone)}>
        <Icon aria-hidden size={22} strokeWidth={1.8} />
      </span>
      <h2 className="font-bold text-lead tracking-tight">{title}</h2>
      <div className="text-ink-soft">{children}</div>
      {action && <div className="flex flex-wrap justify-center gap-2 pt-2">{action}</div>}
    </div>
  );
}

/** Nothing there yet: says what to do. */
export function EmptyState(props: StateProps) {
  return <State {...props} tone="bg-accent-wash text-accent-ink" />;
}

/** What a person is told of something that went wrong. */
export type Trouble = {
  /** What happened. */
  title: string;
  /** What was saved, or was not changed. */
  saved: string;
  /** What to do now. */
  next: string;
  /** To be quoted to whoever helps: KH-1042. */
  code: string;
  /** Until when there is no use in trying again, where that is known. */
  until?: string | null;
};

/** Something went wrong: what happened, what was saved, the next step, and a code to quote. */
export function ErrorState({
  trouble,
  onRetry,
  more,
}: {
  trouble: Trouble;
  onRetry?: (() => void) | undefined;
  /** What else can be done. */
  more?: ReactNode;
}) {
  const wait = useCountdown(trouble.until);
  return (
    <div role="alert">
      <State
        icon={CircleAlert}
        tone="bg-danger-wash text-danger-ink"
        title={trouble.title}
        action={
          onRetry && (
            <>
              <Button icon={RotateCw} disabledReason={wait && m.again_in({ when: wait })} onPress={onRetry}>
                {m.error_retry()}
              </Button>
              {more}
            </>
          )
        }
      >
        <p>{trouble.saved}</p>
        <p className="pt-1">{wait ? m.again_in({ when: wait }) : trouble.next}</p>
        <p className="pt-3 text-ink-faint text-small">
          {m.error_code()} <code className="font-mono text-ink-soft select-all">{trouble.code}</code>
        </p>
      </State>
    </div>
  );
}

/** A place that keeps its size until the words come. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block h-4 animate-breathe rounded-small bg-pressed", className)} />;
}

export type ViewStateProps<T> = {
  /** Undefined while it is on its way. */
  data: T | undefined;
  trouble?: Trouble | undefined;
  onRetry?: () => void;
  /** In the shape of what will come. */
  skeleton: ReactNode;
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
};

/** The four states of every view: error, loading, empty, full. Data that is there is shown even when a later
 *  look-up failed. */
export function ViewState<T>({
  data,
  trouble,
  onRetry,
  skeleton,
  empty,
  isEmpty,
  children,
}: ViewStateProps<T>) {
  if (data === undefined && trouble) return <ErrorState trouble={trouble} onRetry={onRetry} />;
  if (data === undefined) {
    return (
      <div aria-busy="true" role="status" aria-label={m.loading()}>
        {skeleton}
      </div>
    );
  }
  return <>{empty && isEmpty?.(data) ? empty : children(data)}</>;
}
