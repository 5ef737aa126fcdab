import { KeyRound, RotateCw } from "lucide-react";
import { useState } from "react";
import type { KeyTrouble } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import { StoreFile } from "../../components/StoreFile";
import { say } from "../../components/toasts";
import * as m from "../../paraglide/messages.js";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { RecoveryKeyEntry } from "../recovery/RecoveryKeyEntry";
import { keyTroubleInWords } from "./keyTrouble";
import { useLookAgain } from "./useLookAgain";

/** There is a store and its key is not at hand. Where the keychain can be mended, that comes first; where it has no
 *  key for this store, only the recovery key helps. */
export function KeyNeeded({ why, store }: { why: KeyTrouble; store: string }) {
  const { move } = useSession();
  const lost = why === "missing" || why === "wrong_key";
  const [entering, setEntering] = useState(false);
  const again = useLookAgain(why);
  const open = useAct((key: string) => call("openWithRecoveryKey", key));

  if (lost || entering) {
    return (
      <RecoveryKeyEntry
        lost={lost}
        store={store}
        pending={open.pending}
        error={open.error && sentenceOf(open.error)}
        onSubmit={async (key) => {
          const outcome = await open.run(key);
          if (!outcome?.ok) return;
          move(outcome.value);
          if (outcome.value.key_not_kept === null) say(m.key_kept());
        }}
        again={again}
      />
    );
  }

  const { happened, next } = keyTroubleInWords(why);
  return (
    <Gate screen="key-needed" title={happened} lead={next}>
      <div className="grid gap-4">
        <p className="text-ink-soft">{m.key_safe()}</p>
        <Button kind="primary" wide autoFocus icon={RotateCw} pending={again.pending} onPress={again.look}>
          {m.key_retry()}
        </Button>
        <Button wide icon={KeyRound} onPress={() => setEntering(true)}>
          {m.key_use_recovery()}
        </Button>
        {/* Always there, so that it is read out when something comes into it; without a gap while it is empty. */}
        <p role="status" className="text-center text-ink-soft text-small empty:absolute">
          {again.said}
        </p>
        <StoreFile path={store} />
      </div>
    </Gate>
  );
}
