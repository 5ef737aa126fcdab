import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { forgetToasts } from "../components/toasts";

afterEach(() => {
  cleanup();
  forgetToasts();
});
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no layout, so it lacks what only layout can answer.
globalThis.matchMedia ??= (query: string) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  }) as MediaQueryList;

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

Element.prototype.scrollIntoView ??= () => {};

globalThis.CSS ??= { escape: (name: string) => name.replace(/[^\w-]/g, (sign) => `\\${sign}`) } as typeof CSS;

// On a busy machine a story takes longer than a toast stays. Its own story moves the clock by this number.
vi.mock("../components/toasts", async (real) => ({ ...(await real<object>()), toastStays: 3_600_000 }));
