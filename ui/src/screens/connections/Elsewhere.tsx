import { ArrowLeft, Plus } from "lucide-react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { useShortcut } from "../../components/shortcuts";
import * as m from "../../paraglide/messages.js";
import { type Aside, useSession } from "../../session/Session";
import { useSwitch } from "../../session/useSwitch";
import { ConnectionList } from "./ConnectionList";
import { ConnectService } from "./ConnectService";
import { useOpenStore } from "./useOpenStore";
import { Ways } from "./Ways";

/** Aside from the shop on the screen: the others, and the ways to new ones. */
export function Elsewhere({ aside }: { aside: Aside }) {
  const { status, goAside, lock } = useSession();
  const { to } = useSwitch();
  const openStore = useOpenStore();
  const open = status?.phase.kind === "open";
  useShortcut("lock", () => {
    if (!open) return;
    goAside(undefined);
    lock();
  });
  const back = () => goAside(undefined);
  switch (aside.to) {
    case "list":
      return (
        <Gate
          screen="connections"
          wide
          title={m.connections_title()}
          lead={m.connections_lead()}
          foot={
            <Button kind="plain" icon={ArrowLeft} onPress={back}>
              {m.ways_back()}
            </Button>
          }
        >
          <ConnectionList />
          <div className="pt-4">
            <Button icon={Plus} onPress={() => goAside({ to: "add" })}>
              {m.place_add()}
            </Button>
          </div>
        </Gate>
      );
    case "add":
      return (
        <Ways
          first={false}
          onNew={status?.connections.some(({ home }) => home) ? undefined : () => void to(null)}
          onStore={openStore}
          onService={() => goAside({ to: "connect" })}
          onBack={back}
        />
      );
    case "connect":
      return (
        <ConnectService
          {...(aside.address ? { address: aside.address } : {})}
          onBack={() => goAside({ to: "add" })}
        />
      );
  }
}
