import {
  CircleUser,
  Lock,
  LogOut,
  type LucideIcon,
  ScrollText,
  Settings,
  ShieldCheck,
  Trash2,
  Users,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Keys } from "./Keys";
import { Mark } from "./Mark";
import { Menu } from "./Menu";
import { keysInWords, type Shortcut, shortcuts, useShortcut } from "./shortcuts";
import { Tooltip } from "./Tooltip";

export type Section = "accounts" | "recycle-bin" | "audit" | "breach" | "settings";

export type AppShellProps = {
  /** Whose shop it is, where it is, and the way to others. */
  place: ReactNode;
  person: { name: string; email: string; role: string };
  /** Undefined on one's own account, which stands in the menu at the top. */
  section: Section | undefined;
  /** Where this person has nothing to look for. */
  closed?: readonly Section[];
  onGo: (section: Section) => void;
  onMe: () => void;
  onLock: () => void;
  onSignOut: () => void;
  /** What should be done some time, above every view. */
  reminders?: ReactNode;
  children: ReactNode;
};

const sections: { id: Section; icon: LucideIcon; label: () => string; inner?: boolean }[] = [
  { id: "accounts", icon: Users, label: m.section_accounts },
  { id: "recycle-bin", icon: Trash2, label: m.section_recycle_bin, inner: true },
  { id: "audit", icon: ScrollText, label: m.section_audit },
  { id: "breach", icon: ShieldCheck, label: m.section_breach },
  { id: "settings", icon: Settings, label: m.section_settings },
];

/** What stands around every view of somebody who is signed in. */
export function AppShell(props: AppShellProps) {
  const { place, person, section, closed = [], onGo, onMe, onLock, onSignOut, reminders, children } = props;
  const [help, setHelp] = useState(false);
  useShortcut("lock", onLock);
  useShortcut("settings", () => onGo("settings"));
  useShortcut("help", () => setHelp(true));

  return (
    <div className="grid h-full grid-cols-[var(--spacing-sidebar)_1fr] grid-rows-[3.25rem_1fr]">
      <a
        href="#view"
        className="fixed inset-s-3 -top-20 z-30 rounded-control bg-raised px-4 py-2 shadow-raised focus:top-3"
      >
        {m.shell_skip()}
      </a>
      <header className="col-span-2 flex items-center gap-3 border-line border-b bg-surface px-4">
        <Mark className="size-6 shrink-0" />
        {place}
        <div className="ms-auto flex shrink-0 items-center gap-2">
          <Menu
            label={m.shell_person()}
            trigger={
              <Button kind="plain">
                <Initials name={person.name || person.email} />
                <span title={person.name || person.email} className="max-w-44 truncate text-ink">
                  {person.name || person.email}
                </span>
                <span className="font-normal text-ink-faint">{person.role}</span>
              </Button>
            }
            entries={[
              { id: "me", label: m.shell_me(), icon: CircleUser, onAction: onMe },
              "line",
              { id: "out", label: m.shell_sign_out(), icon: LogOut, onAction: onSignOut },
            ]}
          />
          <Tooltip words={m.shell_lock_help()} keys={keysInWords("lock")}>
            <Button icon={Lock} onPress={onLock}>
              {m.shell_lock()}
            </Button>
          </Tooltip>
        </div>
      </header>
      <nav aria-label={m.shell_sections()} className="overflow-y-auto border-line border-e bg-surface p-3">
        <ul className="grid gap-0.5">
          {sections
            .filter(({ id }) => !closed.includes(id))
            .map(({ id, icon: Icon, label, inner }) => (
              <li key={id}>
                <AriaButton
                  aria-current={id === section ? "page" : undefined}
                  onPress={() => onGo(id)}
                  className={cx(
                    "flex h-9 w-full items-center gap-2.5 rounded-control px-2.5 font-medium transition-colors",
                    inner && "ps-8 text-small",
                    id === section
                      ? "bg-accent-wash text-accent-ink"
                      : "text-ink-soft data-hovered:bg-hover data-hovered:text-ink",
                  )}
                >
                  <Icon aria-hidden size={inner ? 15 : 17} />
                  {label()}
                </AriaButton>
              </li>
            ))}
        </ul>
      </nav>
      <main
        id="view"
        tabIndex={-1}
        className="relative flex min-h-0 min-w-0 flex-col overflow-y-auto outline-none"
      >
        {reminders}
        {children}
      </main>
      <ShortcutSheet isOpen={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Initials({ name }: { name: string }) {
  const letters = name
    .split(/[\s.@]+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "");
  return (
    <span
      aria-hidden
      className="grid size-6 place-items-center rounded-pill bg-accent-wash font-bold text-accent-ink text-tiny uppercase"
    >
      {letters.join("")}
    </span>
  );
}

const shortcutWords: Record<Shortcut, () => string> = {
  search: m.shortcut_search,
  create: m.shortcut_create,
  lock: m.shortcut_lock,
  settings: m.shortcut_settings,
  help: m.shortcut_help,
};

function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={m.shortcut_title()}>
      <ul className="grid gap-2">
        {shortcuts.map((shortcut) => (
          <li key={shortcut} className="flex items-center justify-between">
            {shortcutWords[shortcut]()}
            <span className="sr-only">{keysInWords(shortcut)}</span>
            <Keys keys={keysInWords(shortcut)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
