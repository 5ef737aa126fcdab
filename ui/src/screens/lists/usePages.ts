import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Cursor, Page } from "../../api/bindings";
import { troubleIn } from "../../api/errors";

/** Rows of one page: 100 take about 2 ms over the border, and fill more than two screens. */
export const pageRows = 100;

/** A list by keyset pages, as a `DataGrid` takes it. While other filters are on their way, the rows before stay. */
export function usePages<R>(key: readonly unknown[], ask: (after: Cursor | null) => Promise<Page<R>>) {
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: null as Cursor | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const { data, error, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage, refetch } = pages;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows), [data]);
  const more = hasNextPage && !isFetchingNextPage && !isPlaceholderData && !error;
  return {
    grid: {
      rows,
      hasMore: hasNextPage,
      onReachEnd: more ? fetchNextPage : undefined,
      trouble: troubleIn(error),
      onRetry: refetch,
    },
    /** Given when rows are there and the rest could not be had. */
    goOn: error && rows ? () => void (hasNextPage ? fetchNextPage() : refetch()) : undefined,
  };
}
