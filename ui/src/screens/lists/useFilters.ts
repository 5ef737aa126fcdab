import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

/** The filters of a list: they live in the route, so that going back brings them back. `read` takes from the route
 *  only what it knows. */
export function useFilters<F extends object>(
  read: (raw: Record<string, unknown>) => F,
): [F, (filters: F) => void] {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const filters = useMemo(() => read(raw), [read, raw]);
  return [filters, (next) => void navigate({ to: ".", search: { ...next }, replace: true })];
}

/** The value, if it is one of those. */
export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

/** The text, if it is one and says something. */
export function someText(value: unknown): string | undefined {
  // The router reads a text of digits as a number.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

/** Whether anything is filtered, the order of the rows aside. */
export function isFiltered({ sort, descending, ...rest }: Record<string, unknown>): boolean {
  return Object.values(rest).some((value) => value !== undefined);
}
