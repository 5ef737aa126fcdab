import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/** After something was done to an account: asks again for everything that shows it, and waits for the truth. */
export function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    const shown = ["account", "accounts", "events"];
    await Promise.all(shown.map((key) => queries.invalidateQueries({ queryKey: [key] })));
  }, [queries]);
}
