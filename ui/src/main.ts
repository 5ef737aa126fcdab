import "./design/base.css";
import { call } from "./api/client";
import { tellReached } from "./api/reached";
import { restorePreferences } from "./design/preferences";

restorePreferences();

const standing = call("status");
/** How long, in milliseconds, the screens wait for the answer: what is known then is shown at once. */
const patience = 2_000;
const tired = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience));
// What the page shows by itself is painted before the weight of the screens comes.
tellReached("painted", async () => {
  const { draw } = await import("./draw");
  const root = document.getElementById("root");
  if (root) draw(root, await Promise.race([standing, tired]));
});
