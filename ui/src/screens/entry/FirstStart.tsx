import type { IpcError } from "../../api/bindings";
import { call } from "../../api/client";
import { sentenceOf } from "../../api/errors";
import { say } from "../../components/toasts";
import { useSession } from "../../session/Session";
import { useAct } from "../../session/useAct";
import { useStrength } from "../../session/useStrength";
import { type NewShop, ShopStep } from "../first-start/ShopStep";

/** There is no shop yet: the first of three steps. The other two are duties of whoever made it, so that they go on
 *  after a restart. */
export function FirstStart() {
  const { move } = useSession();
  const { judge, ...judgement } = useStrength({ shop: "", name: "", email: "" });
  const setUp = useAct(({ shop, email, name, password }: NewShop) =>
    call("setUpShop", shop, email, name, password),
  );
  const demo = useAct(() => call("openDemo"));
  return (
    <ShopStep
      judgement={judgement}
      onChange={({ password, ...context }) => judge(password, context)}
      errors={errorsOf(setUp.error)}
      pending={setUp.pending || demo.pending}
      onSubmit={async (form) => {
        const outcome = await setUp.run(form);
        if (outcome?.ok) move(outcome.value);
      }}
      onDemo={async () => {
        const outcome = await demo.run();
        if (outcome?.ok) move(outcome.value);
        else if (outcome) say(sentenceOf(outcome.error), { tone: "danger" });
      }}
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
