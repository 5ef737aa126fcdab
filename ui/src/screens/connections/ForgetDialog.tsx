import type { ConnectionShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { connectionName } from "../../api/places";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** Asks before a shop is taken out of the list: whoever has not written its address down needs it again. */
export function ForgetDialog({ connection, onClose }: { connection: ConnectionShown; onClose: () => void }) {
  const { move } = useSession();
  const name = connectionName(connection);
  const forget = useAct(() => call("forgetConnection", connection.id));
  const submit = async () => {
    const outcome = await forget.run();
    if (!outcome?.ok) return;
    onClose();
    say(m.connections_forgotten({ name }));
    move(outcome.value);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.connections_forget_title({ name })}
      busy={forget.pending}
      onSubmit={() => void submit()}
      footer={
        <DialogActs danger action={m.connections_forget_do()} onCancel={onClose} pending={forget.pending} />
      }
    >
      <p className="text-ink-soft">
        {connection.place.kind === "service" ? m.connections_forget_service() : m.connections_forget_store()}{" "}
        {connection.present && m.connections_forget_present()}
      </p>
      {forget.error && (
        <p role="alert" className="text-danger-ink">
          {sentenceOf(forget.error)}
        </p>
      )}
    </Dialog>
  );
}
