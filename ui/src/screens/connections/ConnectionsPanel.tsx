import { Plus } from "lucide-react";
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { ConnectionList } from "./ConnectionList";

/** The shops of this window, among its settings. */
export function ConnectionsPanel() {
  const { goAside } = useSession();
  return (
    <Panel
      title={m.connections_title()}
      lead={m.connections_lead()}
      actions={
        <Button icon={Plus} onPress={() => goAside({ to: "add" })}>
          {m.place_add()}
        </Button>
      }
    >
      <ConnectionList />
    </Panel>
  );
}
