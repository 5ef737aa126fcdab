import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, type AppProps } from "./App";

/** Draws the window over what stood there until now. */
export function draw(root: HTMLElement, standing: AppProps["standing"]) {
  createRoot(root).render(
    <StrictMode>
      <App standing={standing} />
    </StrictMode>,
  );
}
