/** How the window looks: as the system says, or as the person set it. */
export type Appearance = {
  theme: "system" | "light" | "dark";
  contrast: "system" | "more" | "normal";
};

const wantsContrast = "(prefers-contrast: more)";

/** Shows the window that way from now on; returns how to stop following the system. */
export function applyAppearance(appearance: Appearance, root = document.documentElement): () => void {
  if (appearance.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = appearance.theme;

  const system = matchMedia(wantsContrast);
  const show = () => {
    const more = appearance.contrast === "system" ? system.matches : appearance.contrast === "more";
    if (more) root.dataset.contrast = "more";
    else delete root.dataset.contrast;
  };
  show();
  system.addEventListener("change", show);
  return () => system.removeEventListener("change", show);
}
