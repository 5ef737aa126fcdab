import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { Keys } from "./Keys";

export type TooltipProps = {
  words: string;
  keys?: string;
  /** One button or link. */
  children: ReactElement;
};

/** Says more about a button on hover and on focus. */
export function Tooltip({ words, keys, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip
        offset={6}
        className="max-w-72 animate-appear rounded-control border border-line bg-raised px-2.5 py-1.5 text-small text-ink shadow-raised"
      >
        {words}
        {keys && <Keys keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
