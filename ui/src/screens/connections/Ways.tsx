import { FolderOpen, Globe, type LucideIcon, Store } from "lucide-react";
import { useId } from "react";
import { Button as AriaButton } from "react-aria-components";
import { Button } from "../../components/Button";
import { Gate } from "../../components/Gate";
import * as m from "../../paraglide/messages.js";

export type WaysProps = {
  /** Whether this is the first thing that Keyholder shows on this computer. */
  first: boolean;
  /** Absent where this computer has a shop of its own. */
  onNew?: (() => void) | undefined;
  onStore: () => void;
  onService: () => void;
  /** Opens the sample shop instead. */
  onDemo?: (() => void) | undefined;
  onBack?: (() => void) | undefined;
};

/** The ways to a shop: a new one here, one in a file, one behind a service. */
export function Ways({ first, onNew, onStore, onService, onDemo, onBack }: WaysProps) {
  return (
    <Gate
      screen="ways"
      wide
      title={first ? m.ways_title_first() : m.ways_title_more()}
      lead={m.ways_lead()}
      foot={
        <>
          {onBack && (
            <Button kind="plain" onPress={onBack}>
              {m.ways_back()}
            </Button>
          )}
          {onDemo && (
            <Button kind="plain" onPress={onDemo}>
              {m.start_demo()}
            </Button>
          )}
        </>
      }
    >
      <ul className="grid gap-3">
        {onNew && <Way icon={Store} title={m.ways_new()} why={m.ways_new_why()} onPress={onNew} />}
        <Way icon={FolderOpen} title={m.ways_store()} why={m.ways_store_why()} onPress={onStore} />
        <Way icon={Globe} title={m.ways_service()} why={m.ways_service_why()} onPress={onService} />
      </ul>
    </Gate>
  );
}

type WayProps = { icon: LucideIcon; title: string; why: string; onPress: () => void };

function Way({ icon: Icon, title, why, onPress }: WayProps) {
  const id = useId();
  return (
    <li>
      <AriaButton
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-why`}
        onPress={onPress}
        className="flex w-full items-start gap-3.5 rounded-card border border-line bg-surface p-4 text-start transition-colors data-hovered:border-edge data-hovered:bg-hover data-pressed:bg-pressed"
      >
        <span className="grid size-9 shrink-0 place-items-center rounded-control bg-accent-wash text-accent-ink">
          <Icon aria-hidden size={18} />
        </span>
        <span className="min-w-0">
          <span id={`${id}-title`} className="block font-medium text-ink">
            {title}
          </span>
          <span id={`${id}-why`} className="block text-ink-soft text-small">
            {why}
          </span>
        </span>
      </AriaButton>
    </li>
  );
}
