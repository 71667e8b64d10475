import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = join(ROOT, 'dist/web/index.html');
/** What the bundle is made of. */
const SOURCES = ['src/web', 'src/contract', 'package.json'];

/** Builds the web app if it was never built, or if a source is newer than the build. */
export async function ensureWebBuilt(): Promise<void> {
  const builtMs = existsSync(ENTRY) ? statSync(ENTRY).mtimeMs : 0;
  if (Math.max(...SOURCES.map((source) => newestMs(join(ROOT, source)))) <= builtMs) return;
  const mode = process.env['NODE_ENV'];
  // A test runner's own mode would put the development build of React, and no service worker, before the browser.
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: join(ROOT, 'src/web/vite.config.ts'), logLevel: 'error' });
  } finally {
    if (mode === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = mode;
  }
}

function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
