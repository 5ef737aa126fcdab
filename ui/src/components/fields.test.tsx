import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { expectAccessible, view } from "../testing/view";
import { Checkbox } from "./Checkbox";
import { CodeField } from "./CodeField";
import { NumberField } from "./NumberField";
import { PasswordField } from "./PasswordField";
import { SearchField } from "./SearchField";
import { Select } from "./Select";
import { StrengthBar } from "./StrengthBar";
import { Switch } from "./Switch";
import { TextField } from "./TextField";

function Code({ onComplete }: { onComplete: (digits: string) => void }) {
  const [code, setCode] = useState("");
  return <CodeField label="Code" value={code} onChange={setCode} onComplete={onComplete} />;
}

test("a code may be pasted with spaces and is sent with the last digit", async () => {
  const complete = vi.fn();
  const { person } = view(<Code onComplete={complete} />);
  const field = screen.getByLabelText<HTMLInputElement>("Code");
  await person.click(field);
  await person.paste(" 123 456 ");
  expect(field.value, "shown in two groups of three").toBe("123 456");
  expect(complete.mock.calls, "sent once, digits only").toEqual([["123456"]]);
  expect(field.autocomplete, "phones and password stores fill it in").toBe("one-time-code");
  await expectAccessible();
});

test("a password can be pasted and looked at", async () => {
  const change = vi.fn();
  const { person } = view(
    <PasswordField
      label="Password"
      autoComplete="current-password"
      value=""
      onChange={change}
      error="Wrong."
    />,
  );
  const field = screen.getByLabelText<HTMLInputElement>("Password");
  expect(field.type, "hidden at first").toBe("password");
  await person.click(field);
  await person.paste("correct horse battery");
  expect(change, "pasting is allowed").toHaveBeenCalledWith("correct horse battery");
  await person.click(screen.getByRole("button", { name: "Show password" }));
  expect(field.type, "shown on request").toBe("text");
  expect(field.getAttribute("aria-describedby"), "the error is read with the field").not.toBeNull();
  expect(screen.getByText("Wrong.")).toBeDefined();
  await expectAccessible();
});

test("the strength is said in words, not only as a bar", async () => {
  view(<StrengthBar strength={3} />);
  const meter = screen.getByRole("meter", { name: "Strength of the password" });
  expect(meter.getAttribute("aria-valuetext")).toBe("Strong");
  await expectAccessible();
});

test("a choice is made by keyboard", async () => {
  const choose = vi.fn();
  const { person } = view(
    <Select
      label="Role"
      choices={[
        { id: "owner", label: "Owner" },
        { id: "support", label: "Support", help: "Helps people who are locked out." },
      ]}
      value="owner"
      onChange={choose}
    />,
  );
  await person.tab();
  await person.keyboard("{ArrowDown}");
  await person.keyboard("{ArrowDown}{Enter}");
  expect(choose, "the second choice").toHaveBeenCalledWith("support");
  await expectAccessible();
});

test("a number is stepped and its buttons have names", async () => {
  const change = vi.fn();
  const { person } = view(
    <NumberField label="Lock after" unit="minutes" value={15} minValue={1} maxValue={60} onChange={change} />,
  );
  await person.click(screen.getByRole("button", { name: "Increase Lock after" }));
  expect(change).toHaveBeenCalledWith(16);
  await expectAccessible();
});

test("Escape clears a search", async () => {
  const change = vi.fn();
  const { person } = view(<SearchField label="Search accounts" value="anna" onChange={change} />);
  await person.click(screen.getByRole("searchbox", { name: "Search accounts" }));
  await person.keyboard("{Escape}");
  expect(change, "one key back to the whole list").toHaveBeenCalledWith("");
  await expectAccessible();
});

test("text, tick and switch carry their names", async () => {
  view(
    <>
      <TextField
        label="Name"
        help="As people call you."
        value=""
        onChange={() => {}}
        error="Please fill it in."
      />
      <Checkbox isSelected={false} onChange={() => {}}>
        I have saved them
      </Checkbox>
      <Switch isSelected onChange={() => {}}>
        Lock on sleep
      </Switch>
    </>,
  );
  expect(screen.getByRole("textbox", { name: "Name" }).getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByRole("checkbox", { name: "I have saved them" })).toBeDefined();
  expect(screen.getByRole("switch", { name: "Lock on sleep" })).toBeDefined();
  await expectAccessible();
});
