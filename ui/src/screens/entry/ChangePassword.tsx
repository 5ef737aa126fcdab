import { useState } from "react";
import { Form } from "react-aria-components";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { NewPasswordField } from "../../components/NewPasswordField";
import { PasswordField } from "../../components/PasswordField";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useMe, useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useStrength } from "../../session/useStrength";

/** A new password comes before anything else. */
export function ChangePasswordFirst({ breached }: { breached: number | null }) {
  const { signOut } = useSession();
  return (
    <Gate
      screen="change-password"
      title={m.change_password_title()}
      lead={breached === null ? m.change_password_lead() : m.change_password_breached({ count: breached })}
      foot={
        <Button kind="plain" onPress={signOut}>
          {m.shell_sign_out()}
        </Button>
      }
    >
      <ChangePasswordForm wide />
    </Gate>
  );
}

/** The present password and a new one. */
export function ChangePasswordForm({ wide, onDone }: { wide?: boolean; onDone?: () => void }) {
  const { status, move } = useSession();
  const { account } = useMe();
  const [present, setPresent] = useState("");
  const [chosen, setChosen] = useState("");
  const { judge, ...judgement } = useStrength({
    shop: status?.shop ?? "",
    name: account.name,
    email: account.email,
  });
  const change = useAct(() => call("changePassword", present, chosen));
  const ofNew = change.error?.code === "weak_password" || change.error?.code === "password_too_long";
  const error = change.error && sentenceOf(change.error);
  return (
    <Form
      className="grid gap-4"
      onSubmit={async (event) => {
        event.preventDefault();
        const outcome = await change.run();
        if (!outcome?.ok) return;
        setPresent("");
        setChosen("");
        judge("");
        say(m.change_password_done());
        onDone?.();
        move(outcome.value);
      }}
    >
      <PasswordField
        autoFocus
        label={m.change_password_present()}
        autoComplete="current-password"
        value={present}
        onChange={setPresent}
        error={ofNew ? undefined : error}
      />
      <NewPasswordField
        label={m.change_password_new()}
        judgement={judgement}
        value={chosen}
        onChange={(password) => {
          setChosen(password);
          judge(password);
        }}
        error={ofNew ? error : undefined}
      />
      <div className="grid justify-items-start">
        <Button type="submit" kind="primary" wide={wide} pending={change.pending}>
          {m.change_password_do()}
        </Button>
      </div>
    </Form>
  );
}
