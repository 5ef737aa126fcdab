import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, fetchOf } from "../../api/client";
import { sentenceOf, troubleIn } from "../../api/errors";
import { Button } from "../../components/Button";
import { DescriptionList } from "../../components/DescriptionList";
import { CancelButton, Dialog } from "../../components/Dialog";
import { numberInWords } from "../../components/locale";
import { Panel } from "../../components/Panel";
import { Skeleton, ViewState } from "../../components/states";
import * as m from "../../paraglide/messages.js";
import { useCan, useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Where the data lies, a copy of it, and the key that opens it elsewhere. */
export function StorePanel() {
  const keep = useCan().keepStore();
  const why = keep.allowed ? undefined : keep.why;
  return (
    <div className="grid gap-5">
      <FilePanel />
      <BackupPanel disabledReason={why} />
      <NewRecoveryKeyPanel disabledReason={why} />
    </div>
  );
}

function FilePanel() {
  const { data, error, refetch } = useQuery({
    queryKey: ["store-info"],
    queryFn: () => fetchOf("storeInfo"),
  });
  const about = useQuery({ queryKey: ["about"], queryFn: () => fetchOf("about") });
  return (
    <Panel title={m.store_title()}>
      <ViewState
        data={data}
        trouble={troubleIn(error)}
        onRetry={refetch}
        skeleton={<Skeleton className="h-20" />}
      >
        {({ path, kib }) => (
          <DescriptionList
            entries={[
              { label: m.store_path(), value: <span className="break-all select-text">{path}</span> },
              {
                label: m.store_size(),
                value: kib === null ? m.store_size_unknown() : m.store_kib({ kib: numberInWords(kib) }),
              },
              {
                label: m.store_encryption(),
                value: about.data ? m.store_sqlcipher({ version: about.data.sqlcipher }) : <Skeleton />,
              },
            ]}
          />
        )}
      </ViewState>
    </Panel>
  );
}

function BackupPanel({ disabledReason }: { disabledReason: string | undefined }) {
  const [path, setPath] = useState<string>();
  const backup = useAct(() => call("backupCreate"));
  return (
    <Panel
      title={m.backup_title()}
      lead={m.backup_lead()}
      actions={
        <Button
          pending={backup.pending}
          disabledReason={disabledReason}
          onPress={async () => {
            const outcome = await backup.run();
            setPath(outcome?.ok ? outcome.value.path : undefined);
          }}
        >
          {m.backup_do()}
        </Button>
      }
    >
      {/* Always there, so that it is read out when something comes into it; without a gap while it is empty. */}
      <div role="status" className="break-all select-text empty:absolute">
        {path && <p className="text-good-ink">{m.backup_made({ path })}</p>}
        {backup.error && <p className="text-danger-ink">{sentenceOf(backup.error)}</p>}
      </div>
    </Panel>
  );
}

function NewRecoveryKeyPanel({ disabledReason }: { disabledReason: string | undefined }) {
  const { turnTo } = useSession();
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <Panel
      title={m.recovery_key_new_title()}
      lead={m.recovery_key_new_lead()}
      actions={
        <Button disabledReason={disabledReason} onPress={() => setAsking(true)}>
          {m.recovery_key_new_do()}
        </Button>
      }
    >
      <Dialog
        isOpen={asking}
        onClose={close}
        title={m.recovery_key_new_ask()}
        footer={
          <>
            <CancelButton onPress={close} />
            <Button kind="danger" onPress={() => turnTo("recovery_key")}>
              {m.recovery_key_new_do()}
            </Button>
          </>
        }
      >
        <p className="text-ink-soft">{m.recovery_key_new_words()}</p>
      </Dialog>
    </Panel>
  );
}
