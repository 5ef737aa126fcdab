import { ArchiveRestore, Ticket } from "lucide-react";
import { useState } from "react";
import type { AccountPage, EnrolmentShown } from "../../api/bindings";
import type { Allowance } from "../../api/rights";
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { ActDialog } from "./ActDialog";
import { type ActId, acts } from "./acts";
import { EnrolDialog } from "./EnrolDialog";
import { EnrolmentDialog } from "./Enrolment";
import { useRestore } from "./useRestore";

/** What helps somebody first, what ends something last. */
const order: (ActId | "enrol")[] = [
  "unlock",
  "enable",
  "lock",
  "enrol",
  "force_password",
  "reset_factor",
  "end_sessions",
  "disable",
  "delete",
];

const reasonOf = (allowance: Allowance) => (allowance.allowed ? undefined : allowance.why);

/** What can be done to an account. What cannot stays in its place and says why. */
export function Acts({ page }: { page: AccountPage }) {
  const { account } = page;
  const rights = useCan();
  const [open, setOpen] = useState<ActId | "enrol">();
  const [enrolment, setEnrolment] = useState<EnrolmentShown>();
  const close = () => setOpen(undefined);

  return (
    <Panel title={m.account_acts_title()}>
      <div className="grid gap-2 md:grid-cols-2 lg:grid-cols-1">
        {account.deleted ? (
          <Restore page={page} />
        ) : (
          order.map((id) =>
            id === "enrol" ? (
              <Button
                key={id}
                wide="start"
                icon={Ticket}
                onPress={() => setOpen(id)}
                disabledReason={reasonOf(rights.enrol(account))}
              >
                {m.act_enrol()}
              </Button>
            ) : (
              acts[id].offered(page) && (
                <Button
                  key={id}
                  wide="start"
                  kind={acts[id].first ? "primary" : "quiet"}
                  icon={acts[id].icon}
                  onPress={() => setOpen(id)}
                  disabledReason={reasonOf(acts[id].allowed(rights, page))}
                >
                  {acts[id].label()}
                </Button>
              )
            ),
          )
        )}
      </div>
      {open === "enrol" && (
        <EnrolDialog
          account={account}
          onClose={close}
          onMade={(made) => {
            close();
            setEnrolment(made);
          }}
        />
      )}
      {open !== undefined && open !== "enrol" && <ActDialog act={open} page={page} onClose={close} />}
      <EnrolmentDialog enrolment={enrolment} onClose={() => setEnrolment(undefined)} />
    </Panel>
  );
}

function Restore({ page: { account } }: { page: AccountPage }) {
  const allowance = useCan().restore(account);
  const { restore, pending } = useRestore(account);
  return (
    <Button
      wide
      kind="primary"
      icon={ArchiveRestore}
      pending={pending}
      onPress={restore}
      disabledReason={reasonOf(allowance)}
    >
      {m.act_restore()}
    </Button>
  );
}
