import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Fonts and pictures stay files of their own: the content security policy allows no data: fonts.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
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
