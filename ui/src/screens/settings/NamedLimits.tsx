import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { NamedLimit } from "../../api/bindings";
import { Button } from "../../components/Button";
import { NumberField } from "../../components/NumberField";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

type Limits = Readonly<Record<string, NamedLimit>>;

/** What a new limit begins with: as the newsletter. */
const usual: NamedLimit = { count: 10, per_seconds: 60 };
/** The most that the program takes. */
const most: NamedLimit = { count: 10_000, per_seconds: 86_400 };
/** Names of the service's own limits. */
const taken = ["sign_in", "failed_sign_in", "sign_in_link", "api", "registration", "reset"];

/** The limits that the shop's own pages may ask for: each with its name, how many, and within how long. */
export function NamedLimits({
  limits,
  frozen,
  onChange,
}: {
  limits: Limits;
  frozen: boolean;
  onChange: (limits: Limits) => void;
}) {
  const [name, setName] = useState("");
  const bad = name !== "" && (!/^[a-z0-9_-]{1,40}$/.test(name) || taken.includes(name) || name in limits);
  const rows = Object.entries(limits).sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <Panel title={m.settings_named_title()} lead={m.settings_named_lead()}>
      <div className="grid gap-5">
        {rows.length === 0 && <p className="text-ink-soft">{m.settings_named_none()}</p>}
        {rows.map(([name, limit]) => {
          const change = (part: Partial<NamedLimit>) =>
            onChange({ ...limits, [name]: { ...limit, ...part } });
          const { [name]: _, ...others } = limits;
          return (
            <div key={name} className="flex flex-wrap items-end gap-4">
              <NumberField
                label={m.settings_named_count({ name })}
                unit={m.settings_named_count_unit()}
                isDisabled={frozen}
                minValue={1}
                maxValue={most.count}
                value={limit.count}
                onChange={(count) => change({ count })}
              />
              <NumberField
                label={m.settings_named_within({ name })}
                unit={m.settings_named_within_unit()}
                isDisabled={frozen}
                minValue={1}
                maxValue={most.per_seconds}
                value={limit.per_seconds}
                onChange={(per_seconds) => change({ per_seconds })}
              />
              {!frozen && (
                <Button
                  kind="plain"
                  icon={Trash2}
                  label={m.settings_named_remove_which({ name })}
                  onPress={() => onChange(others)}
                >
                  {m.settings_named_remove()}
                </Button>
              )}
            </div>
          );
        })}
        {!frozen && (
          <div className="grid justify-items-start gap-3">
            <TextField
              label={m.settings_named_new()}
              help={m.settings_named_new_help()}
              error={bad ? m.settings_named_bad() : undefined}
              maxLength={40}
              value={name}
              onChange={setName}
            />
            <Button
              icon={Plus}
              disabledReason={name === "" || bad ? m.settings_named_new_help() : undefined}
              onPress={() => {
                onChange({ ...limits, [name]: usual });
                setName("");
              }}
            >
              {m.settings_named_add()}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
