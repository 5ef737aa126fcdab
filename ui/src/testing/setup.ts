import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
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
