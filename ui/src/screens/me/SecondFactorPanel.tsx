import { useQuery } from "@tanstack/react-query";
import { ShieldCheck, ShieldOff } from "lucide-react";
import type { AccountPage } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { Panel } from "../../components/Panel";
import * as m from "../../paraglide/messages.js";
import type { MeDialog } from "./dialog";

/** Whether a phone is asked for, and what can be done about it. */
export function SecondFactorPanel({
  page: { account, second_factor },
  onOpen,
}: {
  page: AccountPage;
  onOpen: (dialog: MeDialog) => void;
}) {
  const { data: shop } = useQuery({ queryKey: ["shop"], queryFn: () => fetchOf("shop") });
  const required = shop?.policy.second_factor_required?.includes(account.role) ?? false;
  const { since, recovery_codes_left, put_off_until } = second_factor;
  const on = since !== null;
  return (
    <Panel
      title={m.me_factor_title()}
      actions={
        on ? (
          <Badge tone="good" icon={ShieldCheck}>
            {m.me_factor_on()}
          </Badge>
        ) : (
          <Badge tone="warn" icon={ShieldOff}>
            {m.me_factor_off()}
          </Badge>
        )
      }
      lead={
        on ? (
          <>
            {m.me_factor_on_since()} <DateTime at={since} exact />.{" "}
            {m.me_factor_codes_left({ count: recovery_codes_left })}
          </>
        ) : (
          <>
            {m.me_factor_off_words()}
            {put_off_until !== null && (
              <>
                {" "}
                {m.me_factor_put_off()} <DateTime at={put_off_until} exact />.
              </>
            )}
          </>
        )
      }
    >
      <div className="flex flex-wrap gap-2">
        <Button kind={on ? "quiet" : "primary"} onPress={() => onOpen("second-factor")}>
          {on ? m.me_factor_replace() : m.me_factor_set_up()}
        </Button>
        {on && (
          <>
            <Button onPress={() => onOpen("codes")}>{m.me_factor_new_codes()}</Button>
            <Button
              disabledReason={required ? m.me_factor_required() : undefined}
              onPress={() => onOpen("remove")}
            >
              {m.me_factor_remove()}
            </Button>
          </>
        )}
      </div>
    </Panel>
  );
}
