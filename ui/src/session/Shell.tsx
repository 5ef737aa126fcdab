import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
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

/** What stands around every view of the open console. */
export function Shell() {
  const { status, lock, signOut } = useSession();
  const { account } = useMe();
  const navigate = useNavigate();
  const [, place = ""] = useLocation({ select: ({ pathname }) => pathname }).split("/");
  return (
    <AppShell
      shop={status?.shop ?? ""}
      person={{ name: account.name, email: account.email, role: roleInWords(account.role) }}
      section={sections[place]}
      onGo={(section) => void navigate({ to: `/${section}` })}
      onMe={() => void navigate({ to: "/me" })}
      onLock={lock}
      onSignOut={signOut}
      reminders={<Reminders />}
    >
      <Outlet />
    </AppShell>
  );
}
