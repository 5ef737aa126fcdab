import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { GateForm } from "../../components/GateForm";
import { SheetActions } from "../../components/SheetActions";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";
import { stepAt } from "./step";

export type RecoveryKeyStepProps = {
  /** Whether it is part of the first start and its steps are counted. */
  counted: boolean;
  /** The key in its groups. */
  groups: readonly string[];
  /** Which two groups are asked back, counted from 1. */
  asked: readonly [number, number];
  onPrint: () => void;
  onSave: () => void;
  onCopy: () => void;
  /** Leaves it for the next sign-in. */
  onLater: () => void;
  onConfirm: (answers: readonly [string, string]) => void;
  pending: boolean;
  error?: string | undefined;
};

/** Last step of the first start: the key that opens the store anywhere, shown once, then asked back in part. */
export function RecoveryKeyStep(props: RecoveryKeyStepProps) {
  const [asking, setAsking] = useState(false);
  return asking ? (
    <AskBack {...props} onBack={() => setAsking(false)} />
  ) : (
    <ShowKey {...props} onNext={() => setAsking(true)} />
  );
}

function ShowKey(props: RecoveryKeyStepProps & { onNext: () => void }) {
  const { counted, groups, onPrint, onSave, onCopy, onLater, onNext } = props;
  return (
    <Gate
      screen="recovery-key"
      wide
      title={m.recovery_key_title()}
      lead={m.recovery_key_lead()}
      {...(counted ? stepAt(3) : {})}
      foot={
        <Button kind="plain" onPress={onLater}>
          {m.recovery_key_later()}
        </Button>
      }
    >
      <div className="grid gap-5">
        <div data-print className="rounded-card border border-line bg-canvas p-5">
          <h2 className="pb-3 font-medium text-ink-soft">{m.recovery_key_label()}</h2>
          <ol
            aria-label={m.recovery_key_label()}
            className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-y-3"
          >
            {groups.map((group, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: groups may repeat and never move
              <li key={at} className="flex items-baseline gap-2">
                <span className="w-5 text-end text-ink-faint text-tiny tabular-nums">{at + 1}</span>
                <span className="font-medium font-mono text-lead tracking-code select-all">{group}</span>
              </li>
            ))}
          </ol>
        </div>
        <p className="text-ink-soft">{m.recovery_key_keep()}</p>
        <div className="flex flex-wrap justify-between gap-3">
          <SheetActions onPrint={onPrint} onSave={onSave} onCopy={onCopy} />
          <Button kind="primary" onPress={onNext}>
            {m.recovery_key_next()}
          </Button>
        </div>
      </div>
    </Gate>
  );
}

function AskBack({
  counted,
  asked,
  onConfirm,
  pending,
  error,
  onBack,
}: RecoveryKeyStepProps & { onBack: () => void }) {
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  return (
    <Gate
      title={m.recovery_key_ask_title()}
      lead={m.recovery_key_ask_lead()}
      screen="recovery-key-confirm"
      {...(counted ? stepAt(3) : {})}
      foot={
        <Button kind="plain" icon={ArrowLeft} onPress={onBack}>
          {m.recovery_key_back()}
        </Button>
      }
    >
      <GateForm
        action={counted ? m.start_finish() : m.second_factor_confirm()}
        pending={pending}
        onSubmit={() => onConfirm([first, second])}
      >
        <TextField
          autoFocus
          code
          autoComplete="off"
          label={m.recovery_key_group({ number: asked[0] })}
          value={first}
          onChange={setFirst}
        />
        <TextField
          code
          autoComplete="off"
          label={m.recovery_key_group({ number: asked[1] })}
          value={second}
          onChange={setSecond}
          error={error}
        />
      </GateForm>
    </Gate>
  );
}
