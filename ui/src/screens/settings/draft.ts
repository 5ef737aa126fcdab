import type { NumberBounds, Policy, Number as PolicyNumber, Role, Shop } from "../../api/bindings";

/** The settings as a person is changing them. */
export type Draft = {
  name: string;
  numbers: Record<PolicyNumber, number>;
  required: readonly Role[];
  breachCheck: boolean;
  breachForces: boolean;
};

/** What the shop has decided, with the default for each number it has said nothing of. */
export function draftOf({ name, policy }: Shop, bounds: readonly NumberBounds[]): Draft {
  const numbers = bounds.map(({ number, bounds }) => [number, policy.numbers?.[number] ?? bounds.default]);
  return {
    name,
    numbers: Object.fromEntries(numbers),
    required: policy.second_factor_required ?? [],
    breachCheck: policy.breach_check ?? true,
    breachForces: policy.breach_forces_change ?? false,
  };
}

/** As it is sent: a number that has its default is not decided by the shop. */
export function policyOf(draft: Draft, bounds: readonly NumberBounds[]): Policy {
  const decided = bounds.filter(({ number, bounds }) => draft.numbers[number] !== bounds.default);
  return {
    numbers: Object.fromEntries(decided.map(({ number }) => [number, draft.numbers[number]])),
    second_factor_required: [...draft.required],
    breach_check: draft.breachCheck,
    breach_forces_change: draft.breachForces,
  };
}

/** Whether two say the same; the order of roles says nothing. */
export function same(a: Draft, b: Draft): boolean {
  const plain = ({ required, ...rest }: Draft) => JSON.stringify({ ...rest, required: [...required].sort() });
  return plain(a) === plain(b);
}
