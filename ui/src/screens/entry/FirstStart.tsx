import { useState } from "react";
import type { IpcError } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useStrength } from "../../session/useStrength";
import { useOpenStore } from "../connections/useOpenStore";
import { Ways } from "../connections/Ways";
import { type NewShop, ShopStep } from "../first-start/ShopStep";

/** There is no shop yet: one is set up, opened or connected to. */
export function FirstStart() {
  const { status, move, goAside } = useSession();
  const [making, setMaking] = useState(false);
  const openStore = useOpenStore();
  const demo = useAct(() => call("openDemo"));
  if (making) return <NewShopHere onBack={() => setMaking(false)} />;
  return (
    <Ways
      first={status?.connections.length === 0}
      onNew={() => setMaking(true)}
      onStore={openStore}
      onService={() => goAside({ to: "connect" })}
      onDemo={async () => {
        const outcome = await demo.run();
        if (outcome?.ok) move(outcome.value);
        else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
      }}
    />
  );
}

/** The first of three steps. The other two are duties of whoever made it, so that they go on after a restart. */
function NewShopHere({ onBack }: { onBack: () => void }) {
  const { move } = useSession();
  const { judge, ...judgement } = useStrength({ shop: "", name: "", email: "" });
  const setUp = useAct(({ shop, email, name, password }: NewShop) =>
    call("setUpShop", shop, email, name, password),
  );
  return (
    <ShopStep
      judgement={judgement}
      onChange={({ password, ...context }) => judge(password, context)}
      errors={errorsOf(setUp.error)}
      pending={setUp.pending}
      onSubmit={async (form) => {
        const outcome = await setUp.run(form);
        if (outcome?.ok) move(outcome.value);
      }}
      onBack={onBack}
    />
  );
}

/** The field an error belongs to; what belongs to none stands under the last. */
function errorsOf(error: IpcError | undefined): Partial<Record<keyof NewShop, string>> {
  if (!error) return {};
  const words = sentenceOf(error);
  if (error.code === "bad_email" || error.code === "email_taken") return { email: words };
  if (error.code === "bad_text") return { shop: words };
  return { password: words };
}
