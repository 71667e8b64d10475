import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = join(ROOT, 'dist/web/index.html');
/** What the bundle is made of. */
const SOURCES = ['src/web', 'src/contract', 'package.json'];

/** Is there while one of the files that run side by side looks at the build, or makes it: another build would take its files away. */
const LOCK = join(ROOT, 'dist/web-build.lock');
/** Of a run that was killed. */
const STALE_MS = 300_000;

/** Builds the web app if it was never built, or if a source is newer than the build. */
export async function ensureWebBuilt(): Promise<void> {
  mkdirSync(dirname(LOCK), { recursive: true });
  while (!takeLock()) await delay(100);
  try {
    const builtMs = existsSync(ENTRY) ? statSync(ENTRY).mtimeMs : 0;
    if (Math.max(...SOURCES.map((source) => newestMs(join(ROOT, source)))) > builtMs) await buildWeb();
  } finally {
    rmdirSync(LOCK);
  }
}

/** Whether the lock could be taken. */
function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_MS) rmdirSync(LOCK);
    return false;
  }
}

async function buildWeb(): Promise<void> {
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
