import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { SheetActions } from "../../components/SheetActions";
import { TextField } from "../../components/TextField";
import * as m from "../../paraglide/messages.js";

export type RecoveryKeyStepProps = {
  /** The key in its groups. */
  groups: readonly string[];
  /** Which two groups are asked back, counted from 1. */
  asked: readonly [number, number];
  onPrint: () => void;
  onSave: () => void;
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

const step = () => ({ at: 3, of: 3, words: m.start_step({ at: 3, of: 3 }) });

function ShowKey({ groups, onPrint, onSave, onNext }: RecoveryKeyStepProps & { onNext: () => void }) {
  return (
    <Gate wide title={m.recovery_key_title()} lead={m.recovery_key_lead()} step={step()}>
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
          <SheetActions onPrint={onPrint} onSave={onSave} />
          <Button kind="primary" onPress={onNext}>
            {m.recovery_key_next()}
          </Button>
        </div>
      </div>
    </Gate>
  );
}

function AskBack({
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
      step={step()}
      foot={
        <Button kind="plain" icon={ArrowLeft} onPress={onBack}>
          {m.recovery_key_back()}
        </Button>
      }
    >
      <Form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) onConfirm([first, second]);
        }}
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
        <Button type="submit" kind="primary" wide pending={pending}>
          {m.start_finish()}
        </Button>
      </Form>
    </Gate>
  );
}
