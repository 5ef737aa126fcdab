import type { IpcError } from "../api/bindings";
import { sentenceOf } from "../api/errors";
import { useCountdown } from "../components/useCountdown";

/** What was refused, in words that count the time down where there is one to wait; when it is over there is nothing
 *  left to say. */
export function useSentence(error: IpcError | undefined): string | undefined {
  const wait = useCountdown(error?.until);
  if (!error || (error.until !== null && wait === undefined)) return undefined;
  return sentenceOf(error);
}
