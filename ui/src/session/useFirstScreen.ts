import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call } from "../api/client";

/** Tells the program below, once each, that the first screen is painted, and that it shows its data. */
export function useFirstScreen(known: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!known) return;
    let frame = 0;
    const inTwoFrames = (then: () => void) => {
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(then);
      });
    };
    const look = () => {
      const shown = document.querySelector("[data-screen]") && !document.querySelector("[aria-busy=true]");
      if (shown && queries.isFetching() === 0) inTwoFrames(() => void call("loaded"));
      else frame = requestAnimationFrame(look);
    };
    // Two frames on, what a render shows has been painted.
    inTwoFrames(() => {
      void call("ready");
      look();
    });
    return () => cancelAnimationFrame(frame);
  }, [known, queries]);
}
