import { useState } from "react";
import { useSession } from "./Session";

/** Something that is begun and not saved. It is still there when the same person comes back from the lock; undefined
 *  is nothing begun. A secret has no place here. */
export function useDraft<D>(of: string): [D | undefined, (draft: D | undefined) => void] {
  const { drafts } = useSession();
  const [draft, setDraft] = useState(() => drafts.get(of) as D | undefined);
  return [
    draft,
    (next) => {
      setDraft(next);
      if (next === undefined) drafts.delete(of);
      else drafts.set(of, next);
    },
  ];
}
