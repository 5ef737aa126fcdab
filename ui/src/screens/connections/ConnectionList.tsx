import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ConnectionShown } from "../../api/bindings";
import { connectionName, placeIcon, placeInWords, securityInWords } from "../../api/places";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Menu";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useSwitch } from "../../session/useSwitch";
import { ForgetDialog } from "./ForgetDialog";
import { RenameDialog } from "./RenameDialog";

/** Every shop that this window can show, each with where it is and what can be done with it. */
export function ConnectionList() {
  const { status } = useSession();
  const [renaming, setRenaming] = useState<ConnectionShown>();
  const [forgetting, setForgetting] = useState<ConnectionShown>();
  return (
    <>
      <ul aria-label={m.connections_list()} className="grid divide-y divide-line">
        {(status?.connections ?? []).map((connection) => (
          <Line
            key={connection.id}
            connection={connection}
            onRename={() => setRenaming(connection)}
            onForget={() => setForgetting(connection)}
          />
        ))}
      </ul>
      {renaming && <RenameDialog connection={renaming} onClose={() => setRenaming(undefined)} />}
      {forgetting && <ForgetDialog connection={forgetting} onClose={() => setForgetting(undefined)} />}
    </>
  );
}

type LineProps = { connection: ConnectionShown; onRename: () => void; onForget: () => void };

function Line({ connection, onRename, onForget }: LineProps) {
  const { to, pending } = useSwitch();
  const { place, present, home, shop } = connection;
  const name = connectionName(connection);
  const Icon = placeIcon(place);
  const where = place.kind === "store" ? place.path : placeInWords(place);
  const security = securityInWords(place) ?? m.place_here();
  return (
    <li className="flex items-center gap-3 py-3">
      <span className="grid size-9 shrink-0 place-items-center rounded-control bg-hover text-ink-soft">
        <Icon aria-hidden size={18} />
      </span>
      <div className="min-w-0 grow">
        <p className="flex min-w-0 items-center gap-2">
          <span title={name} className="truncate font-medium">
            {name}
          </span>
          {present && <Badge tone="accent">{m.place_shown()}</Badge>}
        </p>
        <p title={where} className="truncate text-ink-soft text-small">
          {where}
        </p>
        <p className="text-ink-faint text-small">{security}</p>
      </div>
      {!present && (
        <Button
          label={m.connections_switch_of({ name })}
          pending={pending}
          onPress={() => void to(connection.id)}
        >
          {m.connections_switch()}
        </Button>
      )}
      <Menu
        label={m.connections_more({ name })}
        trigger={
          <Button kind="plain" label={m.connections_more({ name })}>
            <Ellipsis aria-hidden size={17} />
          </Button>
        }
        entries={[
          // A place whose shop was never seen has no name to change.
          ...(shop === null
            ? []
            : [{ id: "rename", label: m.connections_rename(), icon: Pencil, onAction: onRename }]),
          {
            id: "forget",
            label: m.connections_forget(),
            icon: Trash2,
            danger: true,
            disabledReason: home ? m.place_own() : undefined,
            onAction: onForget,
          },
        ]}
      />
    </li>
  );
}
