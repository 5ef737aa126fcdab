import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

/** How close to the end, in rows, the next page is asked for. */
const ahead = 30;
/** 44 px at the usual size of text; grows with it. */
const rowInRem = 2.75;
const headerInRem = 2.25;

type GridRows = {
  count: number;
  /** Rows after the last that stand for what is still to come. */
  trailing: number;
  /** The row with the focus stays in the page wherever one scrolls. */
  keep: number;
  onReachEnd: (() => void) | undefined;
};

/** Which rows of a long list are in the page, and where. */
export function useGridRows({ count, trailing, keep, onReachEnd }: GridRows) {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const rows = useVirtualizer({
    count: count + trailing,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowInRem * rem,
    overscan: 8,
    scrollPaddingStart: headerInRem * rem,
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      if (keep >= 0 && keep < count && !seen.includes(keep)) seen.push(keep);
      return seen.sort((a, b) => a - b);
    },
  });
  const items = rows.getVirtualItems();
  const last = items.filter(({ index }) => index !== keep).at(-1)?.index ?? 0;

  useEffect(() => {
    if (last >= count - ahead) onReachEnd?.();
  }, [count, last, onReachEnd]);

  return {
    scroller,
    items,
    height: rows.getTotalSize(),
    reveal: (row: number) => rows.scrollToIndex(row, { align: "auto" }),
  };
}
