import { Check, ChevronDown } from "lucide-react";
import {
  Button as AriaButton,
  Select as AriaSelect,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import { cx } from "../design/cx";
import { box, FieldFoot, FieldHead, type FieldProps } from "./field";
import { menuItem, menuPopover } from "./Menu";

export type Choice<T extends string> = { id: T; label: string; help?: string };

export type SelectProps<T extends string> = FieldProps & {
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
};

/** One choice out of a few. */
export function Select<T extends string>({ label, help, error, choices, value, onChange }: SelectProps<T>) {
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = choices.find(({ id }) => id === key);
        if (chosen) onChange(chosen.id);
      }}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <AriaButton className={cx(box, "flex items-center justify-between gap-2 text-start")}>
        <SelectValue className="truncate">{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden size={16} className="shrink-0 text-ink-soft" />
      </AriaButton>
      <FieldFoot error={error} />
      <Popover offset={4} className={cx(menuPopover, "min-w-(--trigger-width)")}>
        <ListBox items={choices} className="outline-none">
          {(choice: Choice<T>) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={menuItem}>
              {({ isSelected }) => (
                <>
                  <Check aria-hidden size={16} className={cx("shrink-0", !isSelected && "invisible")} />
                  <span>
                    <Text slot="label" className="block">
                      {choice.label}
                    </Text>
                    {choice.help && (
                      <Text slot="description" className="block text-ink-soft text-small">
                        {choice.help}
                      </Text>
                    )}
                  </span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
