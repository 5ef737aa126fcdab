import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { tellReached } from "../api/reached";

/** Tells the program below, once each, that the first screen is there, and that it shows its data. */
export function useFirstScreen(known: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!known) return;
    let stop = () => {};
    const look = () => {
      const loaded = document.querySelector("[data-screen]") && !document.querySelector("[aria-busy=true]");
      if (loaded && queries.isFetching() === 0) {
        stop = tellReached("loaded");
      } else {
        const frame = requestAnimationFrame(look);
        stop = () => cancelAnimationFrame(frame);
      }
    };
    stop = tellReached("shown", () => {
      look();
      // What comes next is there by the time somebody has signed in.
      void import("./Inside");
    });
    return () => stop();
  }, [known, queries]);
}
