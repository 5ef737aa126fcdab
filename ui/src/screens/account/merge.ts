import type { Account } from "../../api/bindings";
import type { Draft } from "./AccountForm";

export const draftFields = ["email", "name", "role"] as const;

/** A field that somebody else changed while it was looked at. */
export type Meanwhile = { field: keyof Draft; before: string; after: string };

/** Somebody else changed the account while it was edited: what they changed, and the draft with it. What both
 *  changed stays as it was written here. */
export function merge(
  base: Account,
  draft: Draft,
  theirs: Account,
): { draft: Draft; meanwhile: Meanwhile[] } {
  const meanwhile = draftFields
    .filter((field) => base[field] !== theirs[field])
    .map((field) => ({ field, before: base[field], after: theirs[field] }));
  const taken = (field: keyof Draft) => (draft[field] === base[field] ? theirs[field] : draft[field]);
  return {
    meanwhile,
    draft: { email: taken("email"), name: taken("name"), role: taken("role") as Draft["role"] },
  };
}
