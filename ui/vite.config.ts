import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Puts what a module needs from its first moment into one piece. */
function pieceOf(name: string, module: string, priority: number) {
  const needed = (id: string, modules: Modules, seen: Set<string>): boolean => {
    if (id.endsWith(module)) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return (modules.getModuleInfo(id)?.importers ?? []).some((importer) => needed(importer, modules, seen));
  };
  return {
    debugName: name,
    // React Aria's index names everything it has; what of it is used finds its own way.
    test: /^(?!.*node_modules\/(?:react-aria|react-stately))/,
    name: (id: string, modules: Modules) => (needed(id, modules, new Set()) ? name : null),
    priority,
  };
}

type Modules = { getModuleInfo(id: string): { importers: readonly string[] } | null };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Fonts and pictures stay files of their own: the content security policy allows no data: fonts.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One piece that paints at once, one with the first screen; the others as their screens ask for them.
          groups: [pieceOf("start", "/src/main.ts", 2), pieceOf("first", "/src/draw.tsx", 1)],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    host: "127.0.0.1",
    // Tests hold the words of the window to the words of the program.
    fs: { allow: [".", "../crates/core/src"] },
  },
  test: {
    environment: "jsdom",
    css: { include: /tokens\.css/ },
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // Stories click through whole screens; a machine that builds beside them is slow, not wrong.
    testTimeout: 30_000,
  },
});
