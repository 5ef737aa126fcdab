import { useState } from "react";
import type { ConnectionShown } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import { TextField } from "../../components/TextField";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";

/** What the person calls a shop. */
export function RenameDialog({ connection, onClose }: { connection: ConnectionShown; onClose: () => void }) {
  const { move } = useSession();
  const [name, setName] = useState(connection.label ?? connection.shop ?? "");
  // The shop's own name is none of the person's: when it changes, so does what is shown.
  const rename = useAct(() => call("renameConnection", connection.id, name === connection.shop ? "" : name));
  const submit = async () => {
    const outcome = await rename.run();
    if (!outcome?.ok) return;
    move(outcome.value);
    say(m.connections_renamed());
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.connections_rename_title()}
      busy={rename.pending}
      onSubmit={() => void submit()}
      footer={<DialogActs action={m.connections_rename_do()} onCancel={onClose} pending={rename.pending} />}
    >
      <TextField
        autoFocus
        label={m.connections_rename_label()}
        help={m.connections_rename_help()}
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={setName}
        error={rename.error && sentenceOf(rename.error)}
      />
    </Dialog>
  );
}
