import { Eye } from "lucide-react";
import { Form } from "react-aria-components";
import type { NumberBounds, Shop } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { everyRole, roleInWords } from "../../api/words";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import { Switch } from "../../components/Switch";
import { TextField } from "../../components/TextField";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useCan, useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useConflict } from "../conflict/useConflict";
import { ConflictDialog } from "./ConflictDialog";
import { type Draft, draftFrom, draftOf, fieldsOf, policyOf, same } from "./draft";
import { LeaveDialog } from "./LeaveDialog";
import { NamedLimits } from "./NamedLimits";
import { NumberPanel } from "./NumberPanel";
import { numberGroups } from "./numbers";

export type PolicyFormProps = {
  shop: Shop;
  bounds: readonly NumberBounds[];
  /** The settings as they stand in the form. */
  draft: Draft;
  /** Undefined when nothing is changed any more. */
  onDraft: (draft: Draft | undefined) => void;
  onSaved: (shop: Shop) => void;
};

/** The shop's name and rules, saved as a whole from the revision that was looked at. */
export function PolicyForm({ shop, bounds, draft, onDraft, onSaved }: PolicyFormProps) {
  const { ask } = useSession();
  const allowed = useCan().changePolicy();
  const frozen = !allowed.allowed;
  const saved = draftOf(shop, bounds);
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    onDraft(same(next, saved) ? undefined : next);
  };
  const changed = !same(draft, saved);
  const save = useAct((from: Shop, wanted: Draft) =>
    call("changePolicy", from.revision, wanted.name, policyOf(wanted, bounds)),
  );
  const { conflict, begin, end } = useConflict<Shop, Record<string, string>>();
  const badName = save.error?.code === "bad_text";

  const send = async (from: Shop, wanted: Draft) => {
    const outcome = await save.run(from, wanted);
    if (outcome?.ok) {
      end();
      say(m.settings_saved());
      onSaved(outcome.value);
      // The name at the top and the moment of the next lock follow from the settings.
      ask();
    } else if (outcome?.error.code === "conflict") {
      const now = await call("shop");
      if (!now.ok) return;
      const [base, theirs] = [draftOf(from, bounds), draftOf(now.value, bounds)];
      begin(now.value, fieldsOf(base), fieldsOf(theirs), fieldsOf(wanted));
      save.reset();
    }
  };
  const nothing = changed ? undefined : m.settings_nothing();
  return (
    <>
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!frozen && changed) void send(shop, draft);
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
        <NamedLimits limits={draft.limits} frozen={frozen} onChange={(limits) => change({ limits })} />
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
        <Panel title={m.settings_registration_title()} lead={m.settings_registration_lead()}>
          <Switch
            isDisabled={frozen}
            isSelected={draft.registration}
            onChange={(registration) => change({ registration })}
          >
            {m.settings_registration()}
          </Switch>
        </Panel>
        <div className="sticky bottom-0 -mx-1 grid gap-3 border-line border-t bg-canvas px-1 py-3">
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
      {/* Not inside the form: what is sent here is not sent there. */}
      {conflict && (
        <ConflictDialog
          conflict={conflict}
          pending={save.pending}
          error={save.error}
          onSave={(fields) => void send(conflict.now, draftFrom(fields, draft))}
          onClose={end}
        />
      )}
    </>
  );
}
