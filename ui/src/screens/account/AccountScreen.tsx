import { useQuery } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { ArrowLeft, Pencil, UserX } from "lucide-react";
import { useState } from "react";
import type { AccountPage } from "../../api/bindings";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { roleInWords } from "../../api/words";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { EmptyState, Skeleton, ViewState } from "../../components/states";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { plain } from "../audit/plain";
import { About } from "./About";
import { Acts } from "./Acts";
import { EditDialog } from "./EditDialog";
import { Gates } from "./Gates";
import { Happened } from "./Happened";
import { Passkeys } from "./Passkeys";
import { Sessions } from "./Sessions";
import { StandingBadge } from "./standing";

/** One account, in the order in which it is asked about on the phone. */
export function AccountScreen() {
  const { id = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({
    queryKey: ["account", id],
    queryFn: () => fetchOf("account", id),
    // The page turns by itself when a wait is over.
    refetchInterval: ({ state }) => untilNextOpening(state.data),
  });
  const account = data?.account;
  return (
    <View
      screen="account"
      title={account ? plain(account.name || account.email) : m.account_title()}
      lead={data && <Lead page={data} />}
      back={<Back />}
      actions={data && <Edit page={data} />}
    >
      <ViewState
        data={data}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={<Waiting />}
        isEmpty={(page) => page === null}
        empty={
          <EmptyState icon={UserX} title={m.account_gone_title()}>
            {m.account_gone()}
          </EmptyState>
        }
      >
        {(page) => page && <Page page={page} />}
      </ViewState>
    </View>
  );
}

function Page({ page }: { page: AccountPage }) {
  const rights = useCan();
  return (
    <div className="grid items-start gap-5 pb-6 lg:grid-cols-[1fr_19rem]">
      <div className={column}>
        <Gates page={page} />
        {rights.readAudit().allowed && <Happened account={page.account.id} />}
        <div className="order-1 lg:order-none">
          <Sessions page={page} allowance={rights.endSessions(page.account)} />
        </div>
        {page.passkeys.length > 0 && (
          <div className="order-1 lg:order-none">
            <Passkeys page={page} allowance={rights.resetSecondFactor(page.account)} />
          </div>
        )}
      </div>
      <div className={column}>
        <Acts page={page} />
        <div className="order-1 lg:order-none">
          <About page={page} />
        </div>
      </div>
    </div>
  );
}

/** Without room both columns fall into one, and what is asked less often comes last. */
const column = "contents lg:grid lg:gap-5";

function Lead({ page: { account, standing } }: { page: AccountPage }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="select-text">{plain(account.email)}</span>
      <Badge>{roleInWords(account.role)}</Badge>
      <StandingBadge standing={standing} />
    </span>
  );
}

function Edit({ page: { account } }: { page: AccountPage }) {
  const [editing, setEditing] = useState(false);
  const allowance = useCan().edit(account);
  return (
    <>
      <Button
        icon={Pencil}
        onPress={() => setEditing(true)}
        disabledReason={allowance.allowed ? undefined : allowance.why}
      >
        {m.act_edit()}
      </Button>
      {editing && <EditDialog account={account} onClose={() => setEditing(false)} />}
    </>
  );
}

/** To the list as it was, with its filters; or to the list of all. */
function Back() {
  const router = useRouter();
  const press = () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: "/accounts" });
  };
  return (
    <Button kind="plain" icon={ArrowLeft} onPress={press}>
      {m.back()}
    </Button>
  );
}

function Waiting() {
  return (
    <div className="grid gap-5 lg:grid-cols-[1fr_19rem]">
      <Skeleton className="h-96" />
      <Skeleton className="h-96" />
    </div>
  );
}

/** Milliseconds until the first shut gate opens by itself; false if none does. */
function untilNextOpening(page: AccountPage | null | undefined): number | false {
  const times = page?.gates.flatMap(({ opens_at: at }) => (at === null ? [] : [Date.parse(at)])) ?? [];
  // A second after it, so that the answer is new.
  return times.length === 0 ? false : Math.max(1_000, Math.min(...times) - Date.now() + 1_000);
}
