import { ChevronDown, List, Plus } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { PlaceShown } from "../api/bindings";
import { connectionName, placeIcon, placeInWords, presentName, securityInWords } from "../api/places";
import { Menu } from "../components/Menu";
import * as m from "../paraglide/messages.js";
import { useSession } from "./Session";
import { useSwitch } from "./useSwitch";

/** Where a place is and how it is kept from others, in one line. */
function placeLine(place: PlaceShown): string {
  return [placeInWords(place), securityInWords(place)].filter((part) => part !== undefined).join(" · ");
}

/** Whose shop is on the screen, where it is and how the way there is kept from others; behind it all others. */
export function PlaceMenu() {
  const { status, goAside } = useSession();
  const { to } = useSwitch();
  if (!status) return null;
  const [name, line] = [presentName(status), placeLine(status.place)];
  const Icon = placeIcon(status.place);
  return (
    <Menu
      label={m.connections_list()}
      trigger={
        <AriaButton
          aria-label={m.place_menu({ name, place: line })}
          className="-ms-2 flex min-w-0 items-center gap-2 rounded-control px-2 py-1 text-start transition-colors data-hovered:bg-hover data-pressed:bg-pressed"
        >
          <span className="min-w-0">
            <span title={name} className="block truncate font-bold text-body leading-5 tracking-tight">
              {name}
            </span>
            <span title={line} className="flex items-center gap-1 text-ink-soft text-tiny">
              <Icon aria-hidden size={13} className="shrink-0" />
              <span className="truncate">{line}</span>
            </span>
          </span>
          <ChevronDown aria-hidden size={15} className="shrink-0 text-ink-faint" />
        </AriaButton>
      }
      entries={[
        ...status.connections.map((connection) => ({
          id: connection.id,
          label: connectionName(connection),
          description: placeLine(connection.place),
          icon: placeIcon(connection.place),
          disabledReason: connection.present ? m.place_shown() : undefined,
          onAction: () => void to(connection.id),
        })),
        "line" as const,
        { id: "add", label: m.place_add(), icon: Plus, onAction: () => goAside({ to: "add" }) },
        { id: "list", label: m.place_all(), icon: List, onAction: () => goAside({ to: "list" }) },
      ]}
    />
  );
}
