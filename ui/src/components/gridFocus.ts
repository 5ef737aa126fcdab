import { type KeyboardEvent, useEffect, useRef, useState } from "react";

/** A cell; row -1 is the header. */
export type Place = { row: number; column: number };

const page = 10;

/** Where a key leads from a place, or undefined when the grid has no use for it. */
export function move(
  from: Place,
  key: string,
  ctrl: boolean,
  size: { rows: number; columns: number },
): Place | undefined {
  const to = step(from, key, ctrl, size);
  return (
    to && {
      row: Math.max(-1, Math.min(to.row, size.rows - 1)),
      column: Math.max(0, Math.min(to.column, size.columns - 1)),
    }
  );
}

function step({ row, column }: Place, key: string, ctrl: boolean, size: { rows: number; columns: number }) {
  switch (key) {
    case "ArrowDown":
      return { row: row + 1, column };
    case "ArrowUp":
      return { row: row - 1, column };
    case "ArrowRight":
      return { row, column: column + 1 };
    case "ArrowLeft":
      return { row, column: column - 1 };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: Math.max(0, row - page), column };
    case "Home":
      return { row: ctrl ? 0 : row, column: 0 };
    case "End":
      return { row: ctrl ? size.rows - 1 : row, column: size.columns - 1 };
    default:
      return undefined;
  }
}

type GridFocus = {
  rows: number;
  columns: number;
  /** Brings a row into the page before it takes the focus. */
  onReveal: (row: number) => void;
  onEnter: (place: Place) => void;
};

/** One tab stop for a whole grid, moved by the arrow keys (ARIA grid pattern). A cell with one control in it
 *  hands the focus on to the control. */
export function useGridFocus({ rows, columns, onReveal, onEnter }: GridFocus) {
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const moved = useRef(false);
  const grid = useRef<HTMLElement | null>(null);
  // With no row the header keeps the tab stop.
  const current = { row: Math.min(place.row, rows - 1), column: Math.min(place.column, columns - 1) };

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-place="${place.row}:${place.column}"]`);
    const control = cell?.querySelector<HTMLElement>("button, a, input");
    (control ?? cell)?.focus({ preventScroll: place.row >= 0 });
  }, [place]);

  return {
    place: current,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
      if (event.key === "Enter" && event.target instanceof Element && event.target.role === "gridcell") {
        event.preventDefault();
        onEnter(current);
        return;
      }
      const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
      const to = move(current, mirrored(event.key, rtl), event.ctrlKey || event.metaKey, { rows, columns });
      if (!to || event.altKey) return;
      event.preventDefault();
      grid.current = event.currentTarget;
      moved.current = true;
      if (to.row >= 0) onReveal(to.row);
      setPlace(to);
    },
    cell: (of: Place) => ({
      tabIndex: of.row === current.row && of.column === current.column ? 0 : -1,
      "data-place": `${of.row}:${of.column}`,
      onFocus: () => {
        if (of.row !== place.row || of.column !== place.column) setPlace(of);
      },
    }),
  };
}

function mirrored(key: string, rtl: boolean): string {
  if (!rtl) return key;
  return key === "ArrowLeft" ? "ArrowRight" : key === "ArrowRight" ? "ArrowLeft" : key;
}
