import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "../design/cx";
import * as m from "../paraglide/messages.js";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { dismiss, type Toast, toastStays, useToasts } from "./toasts";

const looks = {
  good: { icon: CircleCheck, colour: "text-good-ink" },
  danger: { icon: CircleAlert, colour: "text-danger-ink" },
  neutral: { icon: Info, colour: "text-accent-ink" },
};

/** Where toasts are shown: read out politely, reached by keyboard, waiting while looked at. */
export function ToastRegion() {
  const toasts = useToasts().filter(({ shown }) => shown);
  const [held, setHeld] = useState(false);
  return (
    <section
      aria-label={m.toast_region()}
      aria-live="polite"
      aria-relevant="additions"
      className="fixed inset-e-5 bottom-5 z-20 grid w-88 max-w-[calc(100vw-2.5rem)] gap-2"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} held={held} />
      ))}
    </section>
  );
}

function ToastCard({ toast, held }: { toast: Toast; held: boolean }) {
  const { id, words, tone, undo } = toast;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), toastStays);
    return () => clearTimeout(timer);
  }, [id, held]);

  const { icon: Icon, colour } = looks[tone];
  return (
    <div className="flex animate-appear items-center gap-3 rounded-card border border-line bg-raised py-2 ps-4 pe-2 shadow-raised">
      <Icon aria-hidden size={18} className={cx("shrink-0", colour)} />
      <p className="min-w-0 grow py-1 wrap-anywhere">{words}</p>
      {undo && (
        <Button
          kind="plain"
          onPress={() => {
            undo();
            dismiss(id);
          }}
        >
          {m.toast_undo()}
        </Button>
      )}
      <IconButton icon={X} label={m.toast_dismiss()} onPress={() => dismiss(id)} />
    </div>
  );
}
