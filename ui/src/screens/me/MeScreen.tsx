import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { AccountPage, RecoveryCodesShown } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { roleInWords } from "../../api/words";
import { Button } from "../../components/Button";
import { DateTime } from "../../components/DateTime";
import { DescriptionList } from "../../components/DescriptionList";
import { Dialog } from "../../components/Dialog";
import { numberInWords } from "../../components/locale";
import { Panel } from "../../components/Panel";
import { Skeleton, ViewState } from "../../components/states";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useMe, useSession } from "../../session/Session";
import { ChangePasswordForm } from "../entry/ChangePassword";
import { CodesDialog } from "./CodesDialog";
import type { MeDialog } from "./dialog";
import { NewCodesDialog } from "./NewCodesDialog";
import { RemoveSecondFactorDialog } from "./RemoveSecondFactorDialog";
import { SecondFactorDialog } from "./SecondFactorDialog";
import { SecondFactorPanel } from "./SecondFactorPanel";
import { Sessions } from "./Sessions";

/** One's own account: password, second factor, sessions. */
export function MeScreen() {
  const { ask } = useSession();
  const { account } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { open } = useSearch({ from: "/me" });
  const [codes, setCodes] = useState<RecoveryCodesShown>();
  const { data, error, refetch } = useQuery({
    queryKey: ["account", account.id],
    queryFn: () => fetchOf("account", account.id),
  });
  const show = (open?: MeDialog) => void navigate({ to: "/me", search: open ? { open } : {} });
  const changed = () => {
    void queries.invalidateQueries({ queryKey: ["account", account.id] });
    ask();
  };
  const keep = (shown: RecoveryCodesShown) => {
    show();
    setCodes(shown);
  };

  return (
    <View screen="me" title={m.me_title()} lead={m.me_lead()}>
      <ViewState
        data={data ?? undefined}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={
          <div className="grid max-w-2xl gap-5">
            <Skeleton className="h-32" />
            <Skeleton className="h-24" />
            <Skeleton className="h-32" />
          </div>
        }
      >
        {(page) => (
          <div className="grid max-w-2xl gap-5">
            <Who page={page} />
            <PasswordPanel page={page} onChange={() => show("password")} />
            <SecondFactorPanel page={page} onOpen={show} />
            <Sessions page={page} />
          </div>
        )}
      </ViewState>
      <Dialog isOpen={open === "password"} onClose={() => show()} title={m.change_password_do()}>
        <ChangePasswordForm
          onDone={() => {
            show();
            changed();
          }}
        />
      </Dialog>
      {open === "second-factor" && <SecondFactorDialog onClose={() => show()} onCodes={keep} />}
      <RemoveSecondFactorDialog isOpen={open === "remove"} onClose={() => show()} onDone={changed} />
      <NewCodesDialog isOpen={open === "codes"} onClose={() => show()} onCodes={keep} />
      {codes && (
        <CodesDialog
          shown={codes}
          onDone={() => {
            setCodes(undefined);
            changed();
          }}
        />
      )}
    </View>
  );
}

function Who({ page: { account } }: { page: AccountPage }) {
  return (
    <Panel title={account.name || account.email}>
      <DescriptionList
        entries={[
          { label: m.me_email(), value: account.email },
          { label: m.me_role(), value: roleInWords(account.role) },
          { label: m.me_since(), value: <DateTime at={account.created_at} exact /> },
        ]}
      />
    </Panel>
  );
}

function PasswordPanel({ page: { password }, onChange }: { page: AccountPage; onChange: () => void }) {
  const breached = password?.breached;
  return (
    <Panel
      title={m.me_password_title()}
      actions={<Button onPress={onChange}>{m.change_password_do()}</Button>}
      lead={
        password && (
          <>
            {m.me_password_set()} <DateTime at={password.set_at} />
          </>
        )
      }
    >
      {breached != null && breached > 0 && (
        <p className="text-danger-ink">
          {m.me_password_breached({ count: breached, number: numberInWords(breached) })}
        </p>
      )}
    </Panel>
  );
}
