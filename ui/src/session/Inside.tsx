import { useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { Me, RecoveryCodesShown } from "../api/bindings";
import { fetchOf } from "../api/client";
import { useShortcut } from "../components/shortcuts";
import { createConsoleRouter } from "../router";
import { ChangePasswordFirst } from "../screens/entry/ChangePassword";
import { KeepRecoveryKey } from "../screens/entry/KeepRecoveryKey";
import { SetUpSecondFactor } from "../screens/entry/SetUpSecondFactor";
import { RecoveryCodesStep } from "../screens/first-start/RecoveryCodesStep";
import { stepOf } from "./duties";
import { Gated } from "./Gated";
import { useSession } from "./Session";
import { useSheet } from "./useSheet";
import { useWatch } from "./useWatch";

/** Where a person went in the console, once they went anywhere. */
export type Way = { router?: ReturnType<typeof createConsoleRouter> };

/** Somebody is signed in: first what must be done first, then the console. */
export function Inside({ me, way }: { me: Me; way: Way }) {
  const [router] = useState(() => {
    way.router ??= createConsoleRouter();
    return way.router;
  });
  const { setUp, ask, lock, noteIdleMinutes } = useSession();
  // Recovery codes are shown once: whatever is learnt meanwhile, they stay until they are saved.
  const [codes, setCodes] = useState<{ shown: RecoveryCodesShown; counted: boolean }>();
  const idleMinutes = useIdleMinutes();
  useEffect(() => noteIdleMinutes(idleMinutes), [idleMinutes, noteIdleMinutes]);
  useWatch(me, ask);

  if (codes) {
    return (
      <Step onLock={lock}>
        <CodesKept {...codes} onDone={() => setCodes(undefined)} />
      </Step>
    );
  }
  const step = stepOf(me, setUp);
  if (!step) return <RouterProvider router={router} />;
  return (
    <Step onLock={lock}>
      {step.kind === "change_password" && <ChangePasswordFirst breached={step.breached} />}
      {step.kind === "second_factor" && (
        <SetUpSecondFactor
          {...step}
          onCodes={(shown) => {
            setCodes({ shown, counted: step.counted });
            // Behind the codes the console goes on, so that nothing is set up twice once they are kept.
            ask();
          }}
        />
      )}
      {step.kind === "recovery_key" && <KeepRecoveryKey counted={step.counted} />}
    </Step>
  );
}

/** After how many minutes it locks: what the shop has decided, or else the default. */
function useIdleMinutes(): number | undefined {
  const { data: shop } = useQuery({ queryKey: ["shop"], queryFn: () => fetchOf("shop") });
  const { data: bounds } = useQuery({ queryKey: ["policy-bounds"], queryFn: () => fetchOf("policyBounds") });
  const usual = bounds?.find(({ number }) => number === "idle_minutes")?.bounds.default;
  return shop && (shop.policy.numbers?.idle_minutes ?? usual);
}

/** A step before the console can be locked like the console itself. */
function Step({ onLock, children }: { onLock: () => void; children: ReactNode }) {
  useShortcut("lock", onLock);
  return <Gated>{children}</Gated>;
}

function CodesKept({
  shown,
  counted,
  onDone,
}: {
  shown: RecoveryCodesShown;
  counted: boolean;
  onDone: () => void;
}) {
  const sheet = useSheet("recovery_codes");
  return (
    <RecoveryCodesStep
      {...sheet}
      counted={counted}
      codes={shown.codes}
      account={shown.account}
      issuer={shown.shop}
      madeAt={shown.made_at}
      onDone={onDone}
    />
  );
}
