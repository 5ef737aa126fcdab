import { KeyRound, RotateCw } from "lucide-react";
import { useState } from "react";
import type { Code, KeyTrouble } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf, wordsOf } from "../../api/errors";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { RecoveryKeyEntry } from "../recovery/RecoveryKeyEntry";

const codes: Record<Exclude<KeyTrouble, "prompting">, Code> = {
  locked: "keychain_locked",
  missing: "key_missing",
  no_keychain: "no_keychain",
  silent: "keychain_silent",
  wrong_key: "wrong_key",
};

/** There is a store and its key is not at hand. Where the keychain can be mended, that comes first; where it has no
 *  key for this store, only the recovery key helps. */
export function KeyNeeded({ why }: { why: KeyTrouble }) {
  const { move } = useSession();
  const lost = why === "missing" || why === "wrong_key";
  const [entering, setEntering] = useState(false);
  const retry = useAct(() => call("retryKeychain"));
  const open = useAct((key: string) => call("openWithRecoveryKey", key));
  const look = async () => {
    const outcome = await retry.run();
    if (outcome?.ok) move(outcome.value);
    else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
  };

  if (lost || entering) {
    return (
      <RecoveryKeyEntry
        lost={lost}
        pending={open.pending}
        error={open.error && sentenceOf(open.error)}
        onSubmit={async (key) => {
          const outcome = await open.run(key);
          if (!outcome?.ok) return;
          move(outcome.value.status);
          if (outcome.value.kept) say(m.key_kept());
          else say(m.key_not_kept(), { tone: "danger" });
        }}
        onRetry={look}
      />
    );
  }

  const { happened, next } =
    why === "prompting" ? { happened: m.key_prompting(), next: m.key_prompting_next() } : wordsOf(codes[why]);
  return (
    <Gate screen="key-needed" title={happened} lead={next}>
      <div className="grid gap-4">
        <p className="text-ink-soft">{m.key_safe()}</p>
        <Button kind="primary" wide autoFocus icon={RotateCw} pending={retry.pending} onPress={look}>
          {m.key_retry()}
        </Button>
        <Button wide icon={KeyRound} onPress={() => setEntering(true)}>
          {m.key_use_recovery()}
        </Button>
      </div>
    </Gate>
  );
}
