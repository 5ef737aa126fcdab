import { useBlocker } from "@tanstack/react-router";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import * as m from "../../paraglide/messages.js";

/** Asks before changes that were not saved are left behind. */
export function LeaveDialog({ unsaved, onLeave }: { unsaved: boolean; onLeave: () => void }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  });
  return (
    <Dialog
      isOpen={status === "blocked"}
      onClose={() => reset?.()}
      title={m.settings_leave_title()}
      footer={
        <>
          <Button
            onPress={() => {
              onLeave();
              proceed?.();
            }}
          >
            {m.settings_leave_do()}
          </Button>
          <Button kind="primary" autoFocus onPress={() => reset?.()}>
            {m.settings_leave_stay()}
          </Button>
        </>
      }
    >
      <p className="text-ink-soft">{m.settings_leave()}</p>
    </Dialog>
  );
}
