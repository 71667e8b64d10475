import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SERVER = 'http://127.0.0.1:8000';

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react(), tailwindcss()],
  resolve: { alias: { typebox: here('./schema-stand-in.ts') } },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // `data:` fonts and scripts are outside of our Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  server: { proxy: { '/api': SERVER, '/livez': SERVER, '/readyz': SERVER } },
});
