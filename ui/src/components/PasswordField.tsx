import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { TextField as AriaTextField, Input } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { box, FieldFoot, FieldHead, type FieldProps } from "./field";
import { IconButton } from "./IconButton";

export type PasswordFieldProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  /** Tells a password store whether to offer a kept password or to make one. */
  autoComplete: "current-password" | "new-password" | "off";
  autoFocus?: boolean;
  isRequired?: boolean;
};

/** A password: may be pasted, filled in by a password store, and looked at. */
export function PasswordField({ label, help, error, ...field }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <AriaTextField
      {...field}
      type={shown ? "text" : "password"}
      spellCheck="false"
      autoCorrect="off"
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className="grid content-start gap-1.5"
    >
      <FieldHead label={label} help={help} />
      <div className="relative">
        <Input className={cx(box, "pe-10", shown && "font-mono")} autoCapitalize="none" />
        <div className="absolute inset-e-0.5 top-0.5">
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? m.password_hide() : m.password_show()}
            onPress={() => setShown(!shown)}
          />
        </div>
      </div>
      <FieldFoot error={error} />
    </AriaTextField>
  );
}
