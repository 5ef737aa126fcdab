import type { Ref } from "react";
import { TextField as AriaTextField, Input } from "react-aria-components";
import { cx } from "../design/cx";
import { box, FieldFoot, FieldHead, type FieldProps } from "./field";

export type TextFieldProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email";
  autoComplete?: string;
  autoFocus?: boolean;
  isRequired?: boolean;
  isReadOnly?: boolean;
  /** Longest text, in UTF-16 units. */
  maxLength?: number;
  placeholder?: string;
  /** For keys and codes: one width for every letter, no spelling help. */
  code?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/** One line of text. */
export function TextField({ label, help, error, placeholder, code, ref, ...field }: TextFieldProps) {
  return (
    <AriaTextField
      {...field}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      {...(code ? { spellCheck: "false", autoCorrect: "off" } : {})}
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <Input
        ref={ref ?? null}
        placeholder={placeholder}
        className={cx(box, code && "font-mono tracking-code")}
      />
      <FieldFoot error={error} />
    </AriaTextField>
  );
}
