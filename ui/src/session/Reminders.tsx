import { useNavigate } from "@tanstack/react-router";
import { KeyRound, type LucideIcon, ShieldAlert, Smartphone, Ticket } from "lucide-react";
import type { ReactNode } from "react";
import type { Duty } from "../api/bindings";
import { call } from "../api/client";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import * as m from "../paraglide/messages.js";
import type { MeDialog } from "../screens/me/dialog";
import { useMe, useSession } from "./Session";
import { useAct } from "./useAct";

/** What should be done some time, each with the button that does it. */
export function Reminders() {
  const { duties } = useMe();
  const shown = duties.filter(({ kind }) => kind !== "change_password" && kind !== "set_up_second_factor");
  if (shown.length === 0) return null;
  return (
    <section aria-label={m.reminders_label()} className="grid shrink-0 gap-2 px-7 pt-5">
      {shown.map((duty) => (
        <Reminder key={duty.kind} duty={duty} />
      ))}
    </section>
  );
}

function Reminder({ duty }: { duty: Duty }) {
  const { move, turnTo } = useSession();
  const navigate = useNavigate();
  const putOff = useAct(() => call("putOffSecondFactor"));
  const toMe = (open: MeDialog) => () => void navigate({ to: "/me", search: { open } });
  const act = (words: string, onPress: () => void) => <Button onPress={onPress}>{words}</Button>;

  switch (duty.kind) {
    case "offer_second_factor":
      return (
        <Line
          icon={Smartphone}
          action={
            <>
              <Button
                kind="plain"
                pending={putOff.pending}
                onPress={async () => {
                  const outcome = await putOff.run();
                  if (outcome?.ok) move(outcome.value);
                }}
              >
                {m.reminder_second_factor_later()}
              </Button>
              {act(m.reminder_second_factor_do(), toMe("second-factor"))}
            </>
          }
        >
          {m.reminder_second_factor()}
        </Line>
      );
    case "breached_password":
      return (
        <Line icon={ShieldAlert} action={act(m.reminder_breached_do(), toMe("password"))}>
          {m.reminder_breached({ count: duty.times })}
        </Line>
      );
    case "few_recovery_codes":
      return (
        <Line icon={Ticket} action={act(m.reminder_codes_do(), toMe("codes"))}>
          {m.reminder_codes({ count: duty.left })}
        </Line>
      );
    case "confirm_recovery_key":
      return (
        <Line icon={KeyRound} action={act(m.reminder_recovery_key_do(), () => turnTo("recovery_key"))}>
          {m.reminder_recovery_key()}
        </Line>
      );
    default:
      return null;
  }
}

function Line({ icon, action, children }: { icon: LucideIcon; action: ReactNode; children: ReactNode }) {
  return (
    <Banner tone="warn" icon={icon} action={<div className="flex gap-1">{action}</div>}>
      {children}
    </Banner>
  );
}
