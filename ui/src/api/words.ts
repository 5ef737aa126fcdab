import * as m from "../paraglide/messages.js";
import type { Program, Role } from "./bindings";

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

const programs: Record<Program, () => string> = {
  window: m.program_window,
  command_line: m.program_command_line,
  keyholder: m.program_keyholder,
  page: m.program_page,
  api: m.program_api,
};

/** The program through which somebody acts. */
export function programInWords(program: Program): string {
  return programs[program]();
}
