import { Panel } from "../../components/Panel";
import { Select } from "../../components/Select";
import { Switch } from "../../components/Switch";
import { type Preferences, prefer, usePreferences } from "../../design/preferences";
import * as m from "../../paraglide/messages.js";

/** How the window looks and listens on this computer; counts at once. */
export function LookPanel() {
  const { theme, contrast, singleKeys } = usePreferences();
  return (
    <div className="grid gap-5">
      <Panel title={m.look_title()}>
        <div className="grid gap-4 md:grid-cols-2">
          <Select<Preferences["theme"]>
            label={m.look_theme()}
            value={theme}
            onChange={(theme) => prefer({ theme })}
            choices={[
              { id: "system", label: m.look_theme_system() },
              { id: "light", label: m.look_theme_light() },
              { id: "dark", label: m.look_theme_dark() },
            ]}
          />
          <Select<Preferences["contrast"]>
            label={m.look_contrast()}
            value={contrast}
            onChange={(contrast) => prefer({ contrast })}
            choices={[
              { id: "system", label: m.look_contrast_system() },
              { id: "normal", label: m.look_contrast_normal() },
              { id: "more", label: m.look_contrast_more() },
            ]}
          />
        </div>
      </Panel>
      <Panel title={m.keys_title()} lead={m.keys_single_help()}>
        <Switch isSelected={singleKeys} onChange={(singleKeys) => prefer({ singleKeys })}>
          {m.keys_single()}
        </Switch>
      </Panel>
    </div>
  );
}
