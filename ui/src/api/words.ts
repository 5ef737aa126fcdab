import * as m from "../paraglide/messages.js";
import type { Role } from "./bindings";

const roles: Record<Role, () => string> = {
  owner: m.role_owner,
  support: m.role_support,
  auditor: m.role_auditor,
  staff: m.role_staff,
  customer: m.role_customer,
};

/** Every role, the most powerful first. */
export const everyRole = Object.keys(roles) as Role[];

/** "Owner". */
export function roleInWords(role: Role): string {
  return roles[role]();
}
