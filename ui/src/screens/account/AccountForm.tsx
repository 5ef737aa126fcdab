import type { IpcError, Role } from "../../api/bindings";
import { sentenceOf } from "../../api/errors";
import { everyRole, roleInWords } from "../../api/words";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";

/** What can be written of an account. */
export type Draft = { email: string; name: string; role: Role };

const help: Record<Role, () => string> = {
  owner: m.role_owner_help,
  support: m.role_support_help,
  auditor: m.role_auditor_help,
  staff: m.role_staff_help,
  customer: m.role_customer_help,
};

export type AccountFieldsProps = {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** What was refused last time, or is missing. */
  errors: Partial<Record<keyof Draft, string>>;
  roleHelp?: string;
};

/** The fields of an account. Only roles that this person may give are offered, and the one it has. */
export function AccountFields({ draft, onChange, errors, roleHelp }: AccountFieldsProps) {
  const { roles } = useCan();
  return (
    <>
      <TextField
        autoFocus
        label={m.email_label()}
        help={m.account_email_help()}
        type="email"
        autoComplete="off"
        maxLength={254}
        value={draft.email}
        onChange={(email) => onChange({ ...draft, email })}
        error={errors.email}
      />
      <TextField
        label={m.account_name_label()}
        help={m.account_name_help()}
        autoComplete="off"
        maxLength={200}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        error={errors.name}
      />
      <Select
        label={m.account_role_label()}
        help={roleHelp}
        choices={everyRole
          .filter((role) => role === draft.role || roles().includes(role))
          .map((role) => ({ id: role, label: roleInWords(role), help: help[role]() }))}
        value={draft.role}
        onChange={(role) => onChange({ ...draft, role })}
        error={errors.role}
      />
    </>
  );
}

/** Under which field a refusal stands. */
export function errorsOf(error: IpcError | undefined): Partial<Record<keyof Draft, string>> {
  if (!error) return {};
  if (error.code === "bad_text") return { name: sentenceOf(error) };
  if (error.code === "not_allowed" || error.code === "last_owner") return { role: sentenceOf(error) };
  return { email: sentenceOf(error) };
}
