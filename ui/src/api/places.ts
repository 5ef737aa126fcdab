import { Computer, FlaskConical, Globe, type LucideIcon, ShieldCheck, ShieldQuestion } from "lucide-react";
import * as m from "../paraglide/messages.js";
import type { ConnectionShown, PlaceShown, Security, Status } from "./bindings";

const securities: Record<Security, () => string> = {
  vouched: m.security_vouched,
  pinned: m.security_pinned,
  loopback: m.security_loopback,
};

/** How what is said on the way is kept from others; none where nothing leaves this computer. */
export function securityInWords(place: PlaceShown): string | undefined {
  return place.kind === "service" ? securities[place.security]() : undefined;
}

/** "On this computer", or the address. */
export function placeInWords(place: PlaceShown): string {
  switch (place.kind) {
    case "store":
      return m.place_here();
    case "demo":
      return m.place_demo();
    case "service":
      // Its scheme is said by the words of its security.
      return place.address.replace(/^https?:\/\//, "");
  }
}

/** The sign of a place; never without its words. */
export function placeIcon(place: PlaceShown): LucideIcon {
  if (place.kind === "store") return Computer;
  if (place.kind === "demo") return FlaskConical;
  return place.security === "loopback" ? ShieldQuestion : place.security === "pinned" ? ShieldCheck : Globe;
}

/** What a connection is called: by the person, by its shop, or by where it is. */
export function connectionName({ label, shop, place, home }: ConnectionShown): string {
  return label ?? shop ?? (home ? m.place_own() : placeInWords(place));
}

/** What the shop on the screen is called. */
export function presentName({ connections, shop, place }: Status): string {
  const known = connections.find(({ present }) => present);
  return known?.label ?? shop ?? (known ? connectionName(known) : placeInWords(place));
}
