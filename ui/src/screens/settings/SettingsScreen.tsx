import { useState } from "react";
import { Tabs } from "../../components/Tabs";
import { View } from "../../components/View";
import * as m from "../../paraglide/messages.js";
import { useCan } from "../../session/Session";
import { ConnectionsPanel } from "../connections/ConnectionsPanel";
import { AboutPanel } from "./AboutPanel";
import { LookPanel } from "./LookPanel";
import { PolicyPanel } from "./PolicyPanel";
import { StorePanel } from "./StorePanel";

type Part = "shop" | "store" | "connections" | "look" | "about";

/** The shop's rules, its store where that lies here, other shops, how the window looks, what it is made of. */
export function SettingsScreen() {
  const [part, setPart] = useState<Part>("shop");
  const { hasStore } = useCan();
  return (
    <View screen="settings" title={m.settings_title()} lead={m.settings_lead()}>
      <div className="max-w-2xl">
        <Tabs<Part>
          label={m.settings_tabs()}
          selected={part}
          onSelect={setPart}
          tabs={[
            { id: "shop", label: m.settings_tab_shop(), panel: <PolicyPanel />, keep: true },
            ...(hasStore
              ? [{ id: "store" as const, label: m.settings_tab_store(), panel: <StorePanel /> }]
              : []),
            { id: "connections", label: m.settings_tab_connections(), panel: <ConnectionsPanel /> },
            { id: "look", label: m.settings_tab_look(), panel: <LookPanel /> },
            { id: "about", label: m.settings_tab_about(), panel: <AboutPanel /> },
          ]}
        />
      </div>
    </View>
  );
}
