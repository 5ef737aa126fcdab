import type { ReactNode } from "react";
import { Form } from "react-aria-components";
import { Button } from "./Button";

export type GateFormProps = {
  children: ReactNode;
  /** What sending it does. */
  action: string;
  pending: boolean;
  onSubmit: () => void;
};

/** The one form of a gate: Enter in any of its fields sends it, and not twice. */
export function GateForm({ children, action, pending, onSubmit }: GateFormProps) {
  return (
    <Form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) onSubmit();
      }}
    >
      {children}
      <Button type="submit" kind="primary" wide pending={pending}>
        {action}
      </Button>
    </Form>
  );
}
