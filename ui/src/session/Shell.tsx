import { Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { roleInWords } from "../api/words";
import { AppShell, type Section } from "../components/AppShell";
import { PlaceMenu } from "./PlaceMenu";
import { Reminders } from "./Reminders";
import { useCan, useMe, useSession } from "./Session";
import { Unknown } from "./Unknown";

const sections: Record<string, Section> = {
  accounts: "accounts",
  "recycle-bin": "recycle-bin",
  audit: "audit",
  breach: "breach",
  settings: "settings",
};

/** Whoever works or buys in the shop has their own account and the look of the window, and nothing else. */
function closedTo({ readAccounts, readAudit, checkBreaches }: ReturnType<typeof useCan>): Section[] {
  const closed: Section[] = [];
  if (!readAccounts().allowed) closed.push("accounts", "recycle-bin");
  if (!readAudit().allowed) closed.push("audit");
  if (!checkBreaches().allowed) closed.push("breach");
  return closed;
}

/** What stands around every view of the open console. */
export function Shell() {
  const { reloads, lock, signOut } = useSession();
  const { account } = useMe();
  const closed = closedTo(useCan());
  const navigate = useNavigate();
  const [, place = ""] = useLocation({ select: ({ pathname }) => pathname }).split("/");
  return (
    <AppShell
      place={<PlaceMenu />}
      person={{ name: account.name, email: account.email, role: roleInWords(account.role) }}
      section={sections[place]}
      closed={closed}
      onGo={(section) => void navigate({ to: `/${section}` })}
      onMe={() => void navigate({ to: "/me" })}
      onLock={lock}
      onSignOut={signOut}
      reminders={
        <>
          <Unknown />
          <Reminders />
        </>
      }
    >
      {/* Everybody begins with the accounts. */}
      {place === "accounts" && closed.includes("accounts") ? (
        <Navigate to="/me" replace />
      ) : (
        <Outlet key={reloads} />
      )}
    </AppShell>
  );
}
