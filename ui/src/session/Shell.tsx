import { Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import type { Me } from "../api/bindings";
import { can } from "../api/rights";
import { roleInWords } from "../api/words";
import { AppShell, type Section } from "../components/AppShell";
import { Reminders } from "./Reminders";
import { useMe, useSession } from "./Session";

const sections: Record<string, Section> = {
  accounts: "accounts",
  "recycle-bin": "recycle-bin",
  audit: "audit",
  breach: "breach",
  settings: "settings",
};

/** Whoever works or buys in the shop has their own account and the look of the window, and nothing else. */
function closedTo(me: Me): Section[] {
  const { readAccounts, readAudit, checkBreaches } = can(me);
  const closed: Section[] = [];
  if (!readAccounts().allowed) closed.push("accounts", "recycle-bin");
  if (!readAudit().allowed) closed.push("audit");
  if (!checkBreaches().allowed) closed.push("breach");
  return closed;
}

/** What stands around every view of the open console. */
export function Shell() {
  const { status, lock, signOut } = useSession();
  const me = useMe();
  const { account } = me;
  const closed = closedTo(me);
  const navigate = useNavigate();
  const [, place = ""] = useLocation({ select: ({ pathname }) => pathname }).split("/");
  return (
    <AppShell
      shop={status?.shop ?? ""}
      person={{ name: account.name, email: account.email, role: roleInWords(account.role) }}
      section={sections[place]}
      closed={closed}
      onGo={(section) => void navigate({ to: `/${section}` })}
      onMe={() => void navigate({ to: "/me" })}
      onLock={lock}
      onSignOut={signOut}
      reminders={<Reminders />}
    >
      {/* Everybody begins with the accounts. */}
      {place === "accounts" && closed.includes("accounts") ? <Navigate to="/me" replace /> : <Outlet />}
    </AppShell>
  );
}
