import "./design/base.css";
import { call } from "./api/client";
import { tellReached } from "./api/reached";
import { restorePreferences } from "./design/preferences";

restorePreferences();
tellReached("painted");

// The screens are fetched while the program below says where it stands.
const [standing, { draw }] = await Promise.all([call("status"), import("./draw")]);
const root = document.getElementById("root");
if (root) draw(root, standing);
