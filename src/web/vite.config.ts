import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type ESTree, type Plugin, type Rolldown } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Of 11: the last two take ten times as long for one percent. */
const BROTLI_QUALITY = 9;
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

/**
 * Leaves of each endpoint what `call()` reads, its method and path, and makes every other value of the contract one that is dropped where
 * nothing uses it: schemas, summaries and permissions are the server's.
 */
const contractAsAddresses: Plugin = {
  name: 'contract-as-addresses',
  transform(code, id) {
    if (!/\/src\/contract\/[\w-]+\.ts$/.test(id)) return;
    let text = code;
    for (const statement of this.parse(code).body.toReversed()) {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declaration?.type !== 'VariableDeclaration') continue;
      for (const { init } of declaration.declarations.toReversed()) {
        if (init?.type !== 'CallExpression' && init?.type !== 'ObjectExpression') continue;
        const value = `/* @__PURE__ */ (() => (${addressOf(code, init) ?? code.slice(init.start, init.end)}))()`;
        text = `${text.slice(0, init.start)}${value}${text.slice(init.end)}`;
      }
    }
    return { code: text, map: null };
  },
};

/** `endpoint({ … })` with method and path alone; undefined for any other value. */
function addressOf(code: string, init: ESTree.Expression): string | undefined {
  if (init.type !== 'CallExpression' || init.callee.type !== 'Identifier' || init.callee.name !== 'endpoint') return undefined;
  const [definition] = init.arguments;
  if (definition?.type !== 'ObjectExpression') return undefined;
  const kept = definition.properties.filter(
    (property) =>
      property.type === 'SpreadElement' || (property.key.type === 'Identifier' && ['method', 'path'].includes(property.key.name)),
  );
  return `{ ${kept.map(({ start, end }) => code.slice(start, end)).join(', ')} }`;
}

/** Tells the service worker which build it belongs to: a digest of the names of all files, which carry digests of their content. */
const buildOfWorker: Plugin = {
  name: 'build-of-worker',
  generateBundle: (_options, bundle) => {
    const build = createHash('sha256').update(Object.keys(bundle).sort().join()).digest('hex').slice(0, 16);
    const worker = bundle['service-worker.js'];
    if (worker?.type === 'chunk') worker.code = worker.code.replaceAll('__BUILD__', JSON.stringify(build));
  },
};

/** Lays a brotli and a gzip beside each text: the server sends whichever the browser takes, and compresses nothing itself. */
const compressedBeside: Plugin = {
  name: 'compressed-beside',
  apply: 'build',
  writeBundle: async ({ dir = '' }, bundle) => {
    const texts = Object.keys(bundle).filter((name) => /^(index|assets\/.+)\.(js|css|html)$/.test(name));
    for (const name of texts) {
      const content = await readFile(`${dir}/${name}`);
      const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
      await writeFile(`${dir}/${name}.br`, brotli);
      await writeFile(`${dir}/${name}.gz`, gzipSync(content, { level: 9 }));
    }
  },
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
    // Its base styles come in by its own plugin, not as a module.
    bundled.add('node_modules/tailwindcss');
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

/** Files that have to show an icon before it comes with all others that many show. */
const ICON_SHARES = 12;
const SOURCES = here('../');
const FRAME = ['main.tsx', 'shell/AppFrame.tsx'].map(here);
const HOME = here('worklist/HomePage.tsx');
/** What the home screen takes from here nearly every other screen takes as well. */
const SHARED = /\/src\/web\/(ui|format|presence)\b/;

/**
 * Names the file of one of our modules: `frame` for what every page imports at once, `parts` for what the home screen shares with most others.
 * As two files they compress better than as the dozens that the bundler would make of them, and come without waiting for each other.
 */
function fileOf(id: string, context: Rolldown.ChunkingContext): string | null {
  const files = filesOf.get(context) ?? nameFiles(context);
  filesOf.set(context, files);
  return files.get(id) ?? null;
}

const filesOf = new WeakMap<Rolldown.ChunkingContext, Map<string, string>>();
function nameFiles(context: Rolldown.ChunkingContext): Map<string, string> {
  const parts = [...importsOf([HOME], context)].filter((id) => SHARED.test(id));
  const files = new Map<string, string>();
  for (const id of importsOf(parts, context)) files.set(id, 'parts');
  for (const id of importsOf(FRAME, context)) files.set(id, 'frame');
  // The entry stays what the page names, with its style.
  for (const id of files.keys()) if (id === FRAME[0] || !/\.tsx?$/.test(id)) files.delete(id);
  return files;
}

/** `ids` with all of ours that they import other than by `import()`. */
function importsOf(ids: readonly string[], context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set(ids);
  for (const id of found) {
    const imported = context.getModuleInfo(id)?.importedIds ?? [];
    for (const other of imported) if (other.startsWith(SOURCES)) found.add(other);
  }
  return found;
}

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [schemasAsTypesOnly, contractAsAddresses, react(), tailwindcss(), buildOfWorker, thirdPartyNotices, compressedBeside],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // `data:` fonts and scripts are outside of our Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // Lists of the scripts of every screen would be 3 kB of the shell; a script names what it needs itself, and a link that is pointed at is
      // loaded ahead. The page names those of the frame, so that they come together.
      resolveDependencies: (_file, files, { hostType }) => (hostType === 'html' ? files : files.filter((name) => name.endsWith('.css'))),
    },
    target: 'es2023',
    rolldownOptions: {
      input: { index: here('index.html'), 'service-worker': here('service-worker.ts') },
      // A service worker is found again under its name, at the top, so that it may answer for all pages.
      output: {
        codeSplitting: {
          groups: [
            // One file for what every page needs: it compresses better than many, and changes only with its packages.
            {
              name: 'libraries',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack[\\/](react-router|router-core|history|react-store|store|react-query|query-core))[\\/]/,
              priority: 1,
            },
            { name: fileOf, includeDependenciesRecursively: false },
            // Icons are too small to come one by one: those that many screens show come together.
            { name: 'icons', test: /lucide-react/, minShareCount: ICON_SHARES },
          ],
        },
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/api': SERVER, '/livez': SERVER, '/readyz': SERVER, '/ws': { target: SERVER, ws: true } } },
});
