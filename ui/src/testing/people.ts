import type { Duty, NumberBounds, Phase, Right, Shop, Status } from "../api/bindings";
import { anna, here, me, open, page, session } from "./shop";

/** The console standing there. */
export function standing(phase: Phase): Status {
  return { ...here, shop: phase.kind === "no_store" ? null : "Anna's Shop", phase };
}

/** The console open for Anna, with what she still has to do. */
export function openWith(duties: Duty[] = [], rights: Right[] = me().rights): Status {
  return open({ duties, rights });
}

/** Her shop. */
export const shop: Shop = {
  revision: 3,
  name: "Anna's Shop",
  policy: {
    numbers: { idle_minutes: 10 },
    second_factor_required: [],
    breach_check: true,
    breach_forces_change: false,
    registration: false,
    limits: { newsletter: { count: 10, per_seconds: 60 } },
  },
  created_at: "2026-11-01T10:00:00Z",
  recovery_key_confirmed_at: "2026-11-01T10:10:00Z",
};

const bound = (number: NumberBounds["number"], usual: number, least: number, most: number): NumberBounds => ({
  number,
  bounds: { default: usual, least, most, source: "NIST SP 800-63B-4" },
});

/** The bounds of its numbers, as far as a test needs them. */
export const bounds: NumberBounds[] = [
  bound("password_length", 15, 15, 64),
  bound("idle_minutes", 15, 1, 60),
];

/** Anna's own page, signed in here and elsewhere. */
export const annasPage = page({
  account: anna,
  sessions: [
    session({ id: "here", current: true }),
    session({ id: "there", source: { program: "command_line", address: "office", device: null } }),
  ],
  own: true,
});
