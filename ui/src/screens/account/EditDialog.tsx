import { CircleAlert } from "lucide-react";
import { useState } from "react";
import type { Account } from "../../api/bindings";
import { call } from "../../api/client";
import { Banner } from "../../components/Banner";
import { Dialog } from "../../components/Dialog";
import { DialogActs } from "../../components/DialogActs";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useAct } from "../../session/useAct";
import { fieldInWords, valueInWords } from "../audit/fields";
import { nameOf } from "../audit/plain";
import { AccountFields, type Draft, errorsOf } from "./AccountForm";
import { draftFields, type Meanwhile, merge } from "./merge";
import { useChanged } from "./useChanged";

export type EditDialogProps = { account: Account; onClose: () => void };

/** Changes e-mail address, name or role. If somebody else was faster, it says what they changed and goes on from
 *  there. */
export function EditDialog({ account, onClose }: EditDialogProps) {
  const [base, setBase] = useState(account);
  const [draft, setDraft] = useState<Draft>({ email: base.email, name: base.name, role: base.role });
  const [meanwhile, setMeanwhile] = useState<Meanwhile[]>();
  const changed = useChanged();
  const edit = useAct(({ email, name, role }: Draft) =>
    call("editAccount", base.id, base.revision, email, name, role),
  );
  const same = draftFields.every((field) => draft[field] === base[field]);

  const submit = async () => {
    if (same) return;
    const outcome = await edit.run(draft);
    if (!outcome) return;
    await changed();
    if (outcome.ok) {
      onClose();
      say(m.edit_said({ name: nameOf(outcome.value) }), { about: base.id });
    } else if (outcome.error.code === "conflict") {
      const now = await call("account", base.id);
      if (!now.ok || !now.value) return;
      const merged = merge(base, draft, now.value.account);
      setBase(now.value.account);
      setDraft(merged.draft);
      setMeanwhile(merged.meanwhile);
      edit.reset();
    }
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.edit_title({ name: nameOf(account) })}
      busy={edit.pending}
      onSubmit={() => void submit()}
      footer={
        <DialogActs
          action={m.edit_action()}
          onCancel={onClose}
          pending={edit.pending}
          disabledReason={same ? m.edit_unchanged() : undefined}
        />
      }
    >
      {meanwhile && <Conflict meanwhile={meanwhile} />}
      <AccountFields
        draft={draft}
        onChange={setDraft}
        errors={errorsOf(edit.error)}
        roleHelp={m.edit_role_help()}
      />
    </Dialog>
  );
}

function Conflict({ meanwhile }: { meanwhile: Meanwhile[] }) {
  return (
    <div role="alert">
      <Banner tone="warn" icon={CircleAlert}>
        <p className="font-medium">{m.edit_conflict()}</p>
        <ul className="py-1">
          {meanwhile.map(({ field, before, after }) => (
            <li key={field}>
              {m.edit_conflict_line({
                field: fieldInWords(field),
                before: valueInWords(field, before),
                after: valueInWords(field, after),
              })}
            </li>
          ))}
          {meanwhile.length === 0 && <li>{m.edit_conflict_other()}</li>}
        </ul>
        <p>{m.edit_conflict_next()}</p>
      </Banner>
    </div>
  );
}
