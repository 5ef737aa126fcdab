import { useState } from "react";
import type { Account } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { nameOf } from "../audit/plain";
import { ConflictTable } from "../conflict/ConflictTable";
import { useConflict } from "../conflict/useConflict";
import { useWho } from "../conflict/useWho";
import { AccountFields, type Draft, errorsOf } from "./AccountForm";
import { useChanged } from "./useChanged";

export type EditDialogProps = { account: Account; onClose: () => void };

const draftOf = ({ email, name, role }: Account): Draft => ({ email, name, role });
const sameDraft = (a: Draft, b: Draft) => a.email === b.email && a.name === b.name && a.role === b.role;

/** Changes e-mail address, name or role. If somebody else was quicker, both are shown, and one chooses. */
export function EditDialog({ account, onClose }: EditDialogProps) {
  const [base, setBase] = useState(account);
  const [draft, setDraft] = useState(draftOf(base));
  const { conflict, begin } = useConflict<Account, Draft>();
  const changed = useChanged();
  const edit = useAct(({ id, revision }: Account, { email, name, role }: Draft) =>
    call("editAccount", id, revision, email, name, role),
  );

  const save = async (from: Account, wanted: Draft) => {
    const outcome = await edit.run(from, wanted);
    if (!outcome) return;
    await changed();
    if (outcome.ok) {
      onClose();
      say(m.edit_said({ name: nameOf(outcome.value) }), { about: from.id });
    } else if (outcome.error.code === "conflict") {
      const now = await call("account", from.id);
      if (!now.ok || !now.value) return;
      const theirs = now.value.account;
      begin(theirs, draftOf(from), draftOf(theirs), wanted);
      setBase(theirs);
      setDraft(wanted);
      edit.reset();
    }
  };

  const wanted = conflict ? conflict.outcome : draft;
  const why =
    wanted === undefined
      ? m.conflict_first()
      : !sameDraft(wanted, draftOf(base))
        ? undefined
        : conflict
          ? m.conflict_nothing_left()
          : m.edit_unchanged();
  return (
    <Dialog
      isOpen
      wide={conflict !== undefined}
      onClose={onClose}
      title={conflict ? m.conflict_title() : m.edit_title({ name: nameOf(account) })}
      busy={edit.pending}
      onSubmit={() => wanted && why === undefined && void save(base, wanted)}
      footer={
        <DialogActs action={m.edit_action()} onCancel={onClose} pending={edit.pending} disabledReason={why} />
      }
    >
      {conflict ? (
        <>
          <Quicker account={account.id} conflict={conflict} />
          {edit.error && (
            <p role="alert" className="text-danger-ink">
              {sentenceOf(edit.error)}
            </p>
          )}
        </>
      ) : (
        <AccountFields
          draft={draft}
          onChange={setDraft}
          errors={errorsOf(edit.error)}
          roleHelp={m.edit_role_help()}
        />
      )}
    </Dialog>
  );
}

type QuickerProps = {
  account: string;
  conflict: NonNullable<ReturnType<typeof useConflict<Account, Draft>>["conflict"]>;
};

function Quicker({ account, conflict: { lines, choices, choose } }: QuickerProps) {
  const who = useWho({ account, action: "account.edited" });
  return <ConflictTable who={who} lines={lines} choices={choices} onChoose={choose} />;
}
