import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { type Column, DataGrid } from "./DataGrid";
import { move } from "./gridFocus";

type Row = { id: string; name: string; email: string };
const columns: Column<Row>[] = [
  { id: "name", header: "Name", width: "1fr", sortable: true, cell: ({ name }) => name },
  { id: "email", header: "E-mail", width: "1fr", cell: ({ email }) => email },
];
const people = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `${at}`,
    name: `Person ${at}`,
    email: `${at}@example.com`,
  }));

beforeEach(() => {
  // A window of 600 px, which jsdom has not.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(900);
  Element.prototype.scrollTo = () => {};
});

const grid = { label: "Accounts", columns, rowId: ({ id }: Row) => id, empty: <p>No accounts yet</p> };

test("100,000 rows are fewer than 60 in the page", async () => {
  view(<DataGrid {...grid} rows={people(100_000)} total={100_000} />);
  const shown = screen.getByRole("grid", { name: "Accounts" });
  expect(shown.getAttribute("aria-rowcount"), "a screen reader hears the true number").toBe("100001");
  expect(within(shown).getAllByRole("row").length, "only what is seen is there").toBeLessThan(60);
  expect(screen.getByText("Person 0")).toBeDefined();
  await expectAccessible();
});

test("one tab stop, arrows move, Enter opens", async () => {
  const open = vi.fn();
  const { person } = view(<DataGrid {...grid} rows={people(30)} total={30} onActivate={open} />);
  await person.tab();
  expect(document.activeElement?.textContent, "the first cell").toBe("Person 0");
  await person.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}");
  expect(document.activeElement?.textContent, "two down, one over").toBe("2@example.com");
  await person.keyboard("{Enter}");
  expect(open, "the row with the focus").toHaveBeenCalledWith(people(3)[2]);
  await person.tab();
  expect(document.activeElement, "the next tab leaves the grid").toBe(document.body);
});

test("a heading sorts and says how", async () => {
  const sort = vi.fn();
  const { person } = view(
    <DataGrid {...grid} rows={people(3)} sort={{ column: "name", descending: false }} onSort={sort} />,
  );
  expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("ascending");
  await person.tab();
  await person.keyboard("{ArrowUp}{Enter}");
  expect(sort, "the other way round").toHaveBeenCalledWith({ column: "name", descending: true });
});

test("the next page is asked for before its rows are missed", () => {
  const next = vi.fn();
  view(<DataGrid {...grid} rows={people(20)} hasMore onReachEnd={next} />);
  expect(next).toHaveBeenCalled();
});

test("loading, empty and broken are each said", async () => {
  const { rerender } = view(<DataGrid {...grid} rows={undefined} />);
  expect(screen.getByRole("grid").getAttribute("aria-busy"), "loading").toBe("true");
  await expectAccessible();
  rerender(<DataGrid {...grid} rows={[]} />);
  expect(screen.getByText("No accounts yet")).toBeDefined();
  await expectAccessible();
  const trouble = {
    title: "The disk is full",
    saved: "Nothing was changed.",
    next: "Make room.",
    code: "KH-1050",
  };
  rerender(<DataGrid {...grid} rows={undefined} trouble={trouble} />);
  expect(screen.getByRole("alert").textContent, "with a code to quote").toContain("KH-1050");
  await expectAccessible();
});

test("keys lead where the ARIA grid pattern says, and never out of the grid", () => {
  const size = { rows: 100, columns: 3 };
  const from = { row: 5, column: 1 };
  expect(move(from, "Home", false, size)).toEqual({ row: 5, column: 0 });
  expect(move(from, "End", true, size)).toEqual({ row: 99, column: 2 });
  expect(move(from, "PageDown", false, size)).toEqual({ row: 15, column: 1 });
  expect(move(from, "PageUp", false, size)).toEqual({ row: 0, column: 1 });
  expect(move({ row: -1, column: 2 }, "ArrowUp", false, size), "the header is the top").toEqual({
    row: -1,
    column: 2,
  });
  expect(move(from, "a", false, size), "letters are not ours").toBeUndefined();
});
