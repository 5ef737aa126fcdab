import type { NumberBounds, Number as PolicyNumber } from "../../api/bindings";
import { numberInWords } from "../../components/locale";
import { NumberField } from "../../components/NumberField";
import { Panel } from "../../components/Panel";
import * as m from "../../paraglide/messages.js";
import { numberWords } from "./numbers";

/** Numbers that belong together, each with why it is asked, its default, its bounds and their source. */
export function NumberPanel({
  title,
  bounds,
  values,
  frozen,
  onChange,
}: {
  title: string;
  bounds: readonly NumberBounds[];
  values: Record<PolicyNumber, number>;
  frozen: boolean;
  onChange: (number: PolicyNumber, value: number) => void;
}) {
  return (
    <Panel title={title}>
      <div className="grid gap-5">
        {bounds.map(({ number, bounds: { default: usual, least, most, source } }) => {
          const { label, unit, why, source: from } = numberWords[number];
          return (
            <NumberField
              key={number}
              label={label()}
              unit={unit()}
              help={
                <>
                  {why()}{" "}
                  {m.settings_default({
                    value: numberInWords(usual),
                    least: numberInWords(least),
                    most: numberInWords(most),
                  })}
                  <span className="block text-ink-faint text-tiny">{from({ source })}</span>
                </>
              }
              isDisabled={frozen}
              minValue={least}
              maxValue={most}
              value={values[number]}
              onChange={(value) => onChange(number, value)}
            />
          );
        })}
      </div>
    </Panel>
  );
}
