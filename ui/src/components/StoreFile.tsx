import * as m from "../paraglide/messages.js";

/** Where the data of the shop lies, for whoever is asked for it on the phone. */
export function StoreFile({ path }: { path: string }) {
  return (
    <p className="border-line border-t pt-3 text-ink-soft text-small">
      {m.store_file()} <code className="block pt-1 font-mono text-ink break-all select-all">{path}</code>
    </p>
  );
}
