import type {
  NamedLimit,
  NumberBounds,
  Policy,
  Number as PolicyNumber,
  Role,
  Shop,
} from "../../api/bindings";
import { everyRole } from "../../api/words";

/** The settings as a person is changing them. */
export type Draft = {
  name: string;
  numbers: Record<PolicyNumber, number>;
  required: readonly Role[];
  breachCheck: boolean;
  breachForces: boolean;
  registration: boolean;
  /** Limits of the shop's own pages, by name. */
  limits: Readonly<Record<string, NamedLimit>>;
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
    registration: policy.registration ?? false,
    limits: policy.limits ?? {},
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
    registration: draft.registration,
    limits: { ...draft.limits },
  };
}

/** Whether two say the same; the order of roles and of limits says nothing. */
export function same(a: Draft, b: Draft): boolean {
  const plain = ({ required, limits, ...rest }: Draft) =>
    JSON.stringify({ ...rest, required: [...required].sort(), limits: limitsInText(limits) });
  return plain(a) === plain(b);
}

/** As a line of text for each field, by the names of the trail: what two people wanted is compared so. */
export function fieldsOf({
  name,
  numbers,
  required,
  breachCheck,
  breachForces,
  registration,
  limits,
}: Draft): Record<string, string> {
  const texts = Object.entries(numbers).map(([number, value]) => [number, String(value)]);
  return {
    name,
    ...Object.fromEntries(texts),
    second_factor_required: [...required].sort().join(" "),
    breach_check: breachCheck ? "on" : "off",
    breach_forces_change: breachForces ? "on" : "off",
    registration: registration ? "on" : "off",
    limits: limitsInText(limits),
  };
}

/** The settings that these fields say. */
export function draftFrom(fields: Readonly<Record<string, string>>, like: Draft): Draft {
  const numbers = Object.keys(like.numbers).map((number) => [number, Number(fields[number])]);
  const roles = (fields.second_factor_required ?? "").split(" ");
  return {
    name: fields.name ?? like.name,
    numbers: Object.fromEntries(numbers),
    required: everyRole.filter((role) => roles.includes(role)),
    breachCheck: fields.breach_check === "on",
    breachForces: fields.breach_forces_change === "on",
    registration: fields.registration === "on",
    limits: limitsFrom(fields.limits ?? ""),
  };
}

/** Limits as the trail writes them, such as `gift-card 3/3600, newsletter 10/60`. */
function limitsInText(limits: Draft["limits"]): string {
  return Object.entries(limits)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { count, per_seconds }]) => `${name} ${count}/${per_seconds}`)
    .join(", ");
}

function limitsFrom(text: string): Draft["limits"] {
  const written = text.matchAll(/([a-z0-9_-]+) (\d+)\/(\d+)/g);
  return Object.fromEntries(
    [...written].map(([, name, count, within]) => [
      name,
      { count: Number(count), per_seconds: Number(within) },
    ]),
  );
}
