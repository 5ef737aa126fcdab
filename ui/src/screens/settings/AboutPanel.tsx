import { useQuery } from "@tanstack/react-query";
import { fetchOf } from "../../api/client";
import { troubleIn } from "../../api/errors";
import { DescriptionList } from "../../components/DescriptionList";
import { Panel } from "../../components/Panel";
import { Skeleton, ViewState } from "../../components/states";
import * as m from "../../paraglide/messages.js";

/** Versions, for whoever asks for help. */
export function AboutPanel() {
  const { data, error, refetch } = useQuery({ queryKey: ["about"], queryFn: () => fetchOf("about") });
  return (
    <Panel title={m.about_title()} lead={m.about_lead()}>
      <ViewState
        data={data}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={<Skeleton className="h-32" />}
      >
        {({ keyholder, sqlite, sqlcipher, tauri, webview }) => (
          <DescriptionList
            entries={[
              { label: m.about_keyholder(), value: keyholder },
              { label: m.about_sqlite(), value: sqlite },
              { label: m.about_sqlcipher(), value: sqlcipher },
              { label: m.about_tauri(), value: tauri },
              { label: m.about_webview(), value: webview ?? m.about_unknown() },
            ]}
          />
        )}
      </ViewState>
    </Panel>
  );
}
