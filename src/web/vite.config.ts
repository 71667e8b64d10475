import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SERVER = 'http://127.0.0.1:8000';

/**
 * Puts an empty shell in TypeBox's place. From the contract the app uses methods and paths, and of the schemas only their types, which
 * are gone by then; the server alone validates. Every builder gives an object with its first argument as `properties`, because schemas
 * are composed of the properties of others. Saves 11 kB gzipped and the time to build the schemas.
 */
const schemasAsTypesOnly: Plugin = {
  name: 'schemas-as-types-only',
  enforce: 'pre',
  resolveId: (source) => (source === 'typebox' ? '\0typebox' : undefined),
  load: (id) => (id === '\0typebox' ? 'export const Type = new Proxy({}, { get: () => (properties) => ({ properties }) });' : undefined),
};

type Locked = { version?: string; license?: string; dev?: boolean; devOptional?: boolean; link?: boolean };

/**
 * Writes `licenses.json`: every package whose code is in the built app, and every one that is installed with the server, each with the
 * license that it states and the text that it brings. What the lock file names for other kinds of computers has no text here.
 */
const thirdPartyNotices: Plugin = {
  name: 'third-party-notices',
  apply: 'build',
  generateBundle() {
    // The file is npm's.
    const { packages } = JSON.parse(readFileSync(here('../../package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
    const bundled = new Set(
      [...this.getModuleIds()].flatMap((id) => /^.*?\/(node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []),
    );
    const texts: string[] = [];
    const shipped = Object.entries(packages).flatMap(([path, { version = '', license, dev, devOptional, link }]) => {
      const isInstalled = path !== '' && !dev && !devOptional && !link;
      const isBundled = bundled.has(path);
      if (!isInstalled && !isBundled) return [];
      const part = isInstalled && isBundled ? 'both' : isInstalled ? 'server' : 'web';
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return [{ name, version, license: license ?? 'UNKNOWN', part, text: indexOf(texts, licenseTextOf(here(`../../${path}`))) }];
    });
    const notice = readFileSync(here('../../NOTICE'), 'utf8');
    const list = shipped.toSorted((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
    this.emitFile({ type: 'asset', fileName: 'licenses.json', source: JSON.stringify({ notice, texts, packages: list }) });
  },
};

function licenseTextOf(folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|ofl)/i.test(name)) : [];
  return files
    .filter((name) => !/\.[cm]?js$/.test(name))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n\n');
}

/** Many packages bring the same text: each is kept once. */
function indexOf(texts: string[], text: string): number | null {
  if (text === '') return null;
  const known = texts.indexOf(text);
  return known >= 0 ? known : texts.push(text) - 1;
}

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [schemasAsTypesOnly, react(), tailwindcss(), thirdPartyNotices],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // `data:` fonts and scripts are outside of our Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  server: { proxy: { '/api': SERVER, '/livez': SERVER, '/readyz': SERVER, '/ws': { target: SERVER, ws: true } } },
});
