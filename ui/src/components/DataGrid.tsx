import { ArrowDown, ArrowUp } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { useGridFocus } from "./gridFocus";
import { ErrorState, Skeleton, type Trouble } from "./states";
import { useGridRows } from "./useGridRows";

export type Column<R> = {
  id: string;
  header: string;
  /** A track of CSS grid: "minmax(12rem, 2fr)" or "8rem". */
  width: string;
  /** `focusable` is true in the cell that has the focus: a control in the cell joins the tab order by it. */
  cell: (row: R, focusable: boolean) => ReactNode;
  sortable?: boolean;
  align?: "end";
};

type Sort = { column: string; descending: boolean };

export type DataGridProps<R> = {
  label: string;
  columns: readonly Column<R>[];
  /** The pages so far, one after the other; undefined while the first is on its way. */
  rows: readonly R[] | undefined;
  rowId: (row: R) => string;
  /** How many there are in all, where it is known. */
  total?: number | undefined;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Given while there is a further page and none is on its way. */
  onReachEnd?: (() => void) | undefined;
  /** Whether a further page exists. */
  hasMore?: boolean;
  /** Opens a row: Enter, or a click. */
  onActivate?: (row: R) => void;
  empty: ReactNode;
  trouble?: Trouble | undefined;
  onRetry?: () => void;
};

/** A table of any length, of which only what is seen is in the page. Keyboard as the ARIA grid pattern has it:
 *  one tab stop, arrows between cells, Home, End, Page Up, Page Down, with Ctrl to the first and last row. */
export function DataGrid<R>(props: DataGridProps<R>) {
  const { label, columns, rows, rowId, total, sort, onSort, onActivate, empty, trouble, onRetry } = props;
  const count = rows?.length ?? 0;
  const focus = useGridFocus({
    rows: count,
    columns: columns.length,
    onReveal: (row) => grid.reveal(row),
    onEnter: ({ row }) => activate(row),
  });
  const grid = useGridRows({
    count,
    trailing: rows === undefined || props.hasMore ? 8 : 0,
    keep: focus.place.row,
    onReachEnd: props.onReachEnd,
  });

  function activate(at: number) {
    const row = rows?.[at];
    if (row !== undefined) onActivate?.(row);
  }

  const failed = rows === undefined && trouble !== undefined;
  return (
    <div
      ref={grid.scroller}
      className="relative min-h-64 grow overflow-auto rounded-card border border-line bg-surface"
    >
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-colcount={columns.length}
        aria-busy={rows === undefined && !failed}
        tabIndex={-1}
        onKeyDown={focus.onKeyDown}
        className="min-w-fit"
        style={tracks(columns)}
      >
        <div role="rowgroup" className={"sticky top-0 z-1 bg-canvas"}>
          <div role="row" aria-rowindex={1} className={cx(wholeRow, "h-9 border-line border-b")}>
            {columns.map((column, at) => (
              <HeaderCell
                key={column.id}
                column={column}
                at={at}
                sort={sort}
                onSort={onSort}
                focus={focus.cell({ row: -1, column: at })}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={"relative"} style={{ blockSize: failed ? 0 : grid.height }}>
          {!failed &&
            grid.items.map(({ index, start, size }) => {
              const row = rows?.[index];
              const place = { transform: `translateY(${start}px)`, blockSize: size };
              if (row === undefined) return <SkeletonRow key={`s${index}`} columns={columns} place={place} />;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled for the whole grid
                <div
                  key={rowId(row)}
                  role="row"
                  aria-rowindex={index + 2}
                  tabIndex={-1}
                  onClick={(event) => !onControl(event.target) && activate(index)}
                  className={cx(
                    wholeRow,
                    "absolute inset-x-0 top-0 items-center border-line border-b",
                    onActivate && "hover:bg-hover",
                  )}
                  style={place}
                >
                  {columns.map((column, at) => {
                    const cell = focus.cell({ row: index, column: at });
                    return (
                      <div
                        key={column.id}
                        role="gridcell"
                        aria-colindex={at + 1}
                        {...cell}
                        className={cx(
                          "ring-inside flex h-full min-w-0 items-center truncate px-4",
                          column.align === "end" && "justify-end",
                        )}
                      >
                        {column.cell(row, cell.tabIndex === 0)}
                      </div>
                    );
                  })}
                </div>
              );
            })}
        </div>
      </div>
      {failed && <ErrorState trouble={trouble} onRetry={onRetry} />}
      {rows?.length === 0 && !props.hasMore && empty}
    </div>
  );
}

/** The tracks are named once and inherited: rows lie apart from each other, so they can share no grid. */
function tracks<R>(columns: readonly Column<R>[]): CSSProperties {
  return { "--tracks": columns.map(({ width }) => width).join(" ") } as CSSProperties;
}

const wholeRow = "grid grid-cols-(--tracks)";

function onControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, a, input, label") !== null;
}

type HeaderCellProps<R> = {
  column: Column<R>;
  at: number;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
  focus: { tabIndex: number };
};

function HeaderCell<R>({ column, at, sort, onSort, focus }: HeaderCellProps<R>) {
  const { id, header, sortable, align } = column;
  const sorted = sort?.column === id ? sort : undefined;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  const look = cx(
    "flex h-full items-center px-4 font-medium text-ink-soft text-small",
    align && "justify-end",
  );
  if (!sortable || !onSort) {
    return (
      <div role="columnheader" aria-colindex={at + 1} {...focus} className={cx("ring-inside", look)}>
        {header}
      </div>
    );
  }
  const order = sorted ? (sorted.descending ? "descending" : "ascending") : "none";
  return (
    <div role="columnheader" aria-colindex={at + 1} aria-sort={order} className="h-full min-w-0">
      <button
        type="button"
        {...focus}
        onClick={() => onSort({ column: id, descending: sorted ? !sorted.descending : false })}
        title={m.grid_sort({ column: header })}
        className={cx("ring-inside w-full gap-1 hover:text-ink", look)}
      >
        {header}
        <Arrow aria-hidden size={14} className={cx("text-accent-ink", !sorted && "invisible")} />
      </button>
    </div>
  );
}

function SkeletonRow<R>({ columns, place }: { columns: readonly Column<R>[]; place: CSSProperties }) {
  return (
    <div
      aria-hidden
      className={cx(wholeRow, "absolute inset-x-0 top-0 items-center border-line border-b")}
      style={place}
    >
      {columns.map(({ id }) => (
        <div key={id} className="px-4">
          <Skeleton className="h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}
