const dialogs = ["password", "second-factor", "remove", "codes"] as const;

/** What is open over one's own account. It stands in the route, so that a reminder elsewhere leads straight to it. */
export type MeDialog = (typeof dialogs)[number];

/** What the route asks to be opened, if anything. */
export function meSearch(search: Record<string, unknown>): { open?: MeDialog } {
  const open = dialogs.find((dialog) => dialog === search.open);
  return open ? { open } : {};
}
