import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { FieldError, Label, Text } from "react-aria-components";
import { cx } from "../design/cx";

/** What every field has around it. */
export type FieldProps = {
  label: string;
  /** What to write and why it is asked, under the label. */
  help?: ReactNode;
  /** What is wrong with what was written, and what would do. */
  error?: string | undefined;
};

/** The look of the box a person writes in. */
export const box = cx(
  "h-control w-full rounded-control border border-edge bg-field px-3 text-body text-ink",
  "data-hovered:border-ink-soft data-invalid:border-danger-ink data-disabled:opacity-55",
);

/** Label and help stand above the box, so that nothing moves when an error comes under it. */
export function FieldHead({ label, help }: Omit<FieldProps, "error">) {
  return (
    <div>
      <Label className="block font-medium text-body text-ink">{label}</Label>
      {help && (
        <Text slot="description" className="block text-ink-soft text-small">
          {help}
        </Text>
      )}
    </div>
  );
}

/** The error under the box. */
export function FieldFoot({ error }: Pick<FieldProps, "error">) {
  return (
    <FieldError className="flex items-start gap-1.5 text-danger-ink text-small">
      <CircleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
      <span>{error}</span>
    </FieldError>
  );
}
