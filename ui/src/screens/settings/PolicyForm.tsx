import { Eye, TriangleAlert } from "lucide-react";
import { Form } from "react-aria-components";
import type { NumberBounds, Shop } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { can } from "../../api/rights";
import { everyRole, roleInWords } from "../../api/words";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useMe, useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { type Draft, draftOf, policyOf, same } from "./draft";
import { LeaveDialog } from "./LeaveDialog";
import { NumberPanel } from "./NumberPanel";
import { numberGroups } from "./numbers";

export type PolicyFormProps = {
  shop: Shop;
  bounds: readonly NumberBounds[];
  /** The settings as they stand in the form. */
  draft: Draft;
  /** Undefined when nothing is changed any more. */
  onDraft: (draft: Draft | undefined) => void;
  /** Loads what somebody else has saved. */
  onReload: () => void;
  onSaved: (shop: Shop) => void;
};

/** The shop's name and rules, saved as a whole from the revision that was looked at. */
export function PolicyForm({ shop, bounds, draft, onDraft, onReload, onSaved }: PolicyFormProps) {
  const { ask } = useSession();
  const allowed = can(useMe()).changePolicy();
  const frozen = !allowed.allowed;
  const saved = draftOf(shop, bounds);
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    onDraft(same(next, saved) ? undefined : next);
  };
  const changed = !same(draft, saved);
  const save = useAct(() => call("changePolicy", shop.revision, draft.name, policyOf(draft, bounds)));
  const conflict = save.error?.code === "conflict";
  const badName = save.error?.code === "bad_text";

  const send = async () => {
    if (frozen || !changed) return;
    const outcome = await save.run();
    if (!outcome?.ok) return;
    say(m.settings_saved());
    onSaved(outcome.value);
    // The name at the top and the moment of the next lock follow from the settings.
    ask();
  };
  const nothing = changed ? undefined : m.settings_nothing();
  return (
    <Form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {frozen && (
        <Banner tone="neutral" icon={Eye}>
          {m.settings_read_only()}
        </Banner>
      )}
      <Panel title={m.settings_shop_title()}>
        <TextField
          label={m.settings_shop_name()}
          help={m.settings_shop_name_help()}
          isReadOnly={frozen}
          value={draft.name}
          onChange={(name) => change({ name })}
          error={badName && save.error ? sentenceOf(save.error) : undefined}
        />
      </Panel>
      {numberGroups.map(({ title, numbers }) => (
        <NumberPanel
          key={title()}
          title={title()}
          bounds={bounds.filter(({ number }) => numbers.includes(number))}
          values={draft.numbers}
          frozen={frozen}
          onChange={(number, value) => change({ numbers: { ...draft.numbers, [number]: value } })}
        />
      ))}
      <Panel title={m.settings_factor_title()} lead={m.settings_factor_lead()}>
        <div className="grid gap-1">
          {everyRole.map((role) => (
            <Switch
              key={role}
              isDisabled={frozen}
              isSelected={draft.required.includes(role)}
              onChange={(on) =>
                change({
                  required: on ? [...draft.required, role] : draft.required.filter((kept) => kept !== role),
                })
              }
            >
              {m.settings_factor_role({ role: roleInWords(role) })}
            </Switch>
          ))}
        </div>
      </Panel>
      <Panel title={m.settings_breach_title()} lead={m.settings_breach_lead()}>
        <div className="grid gap-1">
          <Switch
            isDisabled={frozen}
            isSelected={draft.breachCheck}
            onChange={(breachCheck) => change({ breachCheck })}
          >
            {m.settings_breach_check()}
          </Switch>
          <Switch
            isDisabled={frozen || !draft.breachCheck}
            isSelected={draft.breachForces}
            onChange={(breachForces) => change({ breachForces })}
          >
            {m.settings_breach_forces()}
          </Switch>
        </div>
      </Panel>
      <div className="sticky bottom-0 -mx-1 grid gap-3 border-line border-t bg-canvas px-1 py-3">
        {conflict && (
          <div role="alert">
            <Banner
              tone="warn"
              icon={TriangleAlert}
              action={<Button onPress={onReload}>{m.settings_conflict_load()}</Button>}
            >
              <b>{m.settings_conflict_title()}.</b> {m.settings_conflict()}
            </Banner>
          </div>
        )}
        {save.error && !conflict && !badName && (
          <p role="alert" className="text-danger-ink">
            {sentenceOf(save.error)}
          </p>
        )}
        <div className="flex gap-2">
          <Button
            type="submit"
            kind="primary"
            pending={save.pending}
            disabledReason={frozen ? allowed.why : nothing}
          >
            {m.settings_save()}
          </Button>
          {changed && (
            <Button
              kind="plain"
              onPress={() => {
                onDraft(undefined);
                save.reset();
              }}
            >
              {m.settings_discard()}
            </Button>
          )}
        </div>
      </div>
      <LeaveDialog unsaved={changed} onLeave={() => onDraft(undefined)} />
    </Form>
  );
}
