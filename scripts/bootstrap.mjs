// Makes a fresh checkout runnable: packages, then the built web pages. Runs before `npm start` and `npm test`, under whatever Node the
// machine has (20 or newer), so this file is plain JavaScript without any package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE_FOR_NPM = 20;
const OLDEST_NODE_FOR_US = 24;
/** What the pages are made of; a change in any of it makes the built ones stale. */
const WEB_SOURCES = ['src/web', 'src/contract', 'src/dicom', 'src/imaging', 'package-lock.json'];

/** A step that failed; the message says what to do. */
export class BootstrapError extends Error {}

/**
 * Installs the packages when they are missing or older than the lock file, and builds the pages when they are missing or older than
 * their sources. Does nothing, silently, when all is current.
 *
 * @param {string} root folder of package.json
 * @param {{ packagesOnly?: boolean }} [options]
 * @throws {BootstrapError}
 */
export function bootstrap(root, options = {}) {
  if (majorOf(process.versions.node) < OLDEST_NODE_FOR_NPM)
    throw new BootstrapError(
      `Node.js ${OLDEST_NODE_FOR_NPM} or newer is needed to begin; this is ${process.version}. Install it from nodejs.org.`,
    );
  installPackages(root);
  requireNode24(root);
  if (!options.packagesOnly) buildWeb(root);
}

/**
 * Whether `product` is missing or older than anything in `sources` (files, or folders with all they hold; missing ones are ignored).
 *
 * @param {string} product
 * @param {string[]} sources
 */
export function isStale(product, sources) {
  if (!existsSync(product)) return true;
  const made = statSync(product).mtimeMs;
  return sources.some((source) => newestIn(source) > made);
}

/** @param {string} root */
function installPackages(root) {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!isStale(installed, [lock])) return;

  say('Installing packages (about a minute the first time) …');
  // Not `npm ci`: the lock file cannot list packages of other systems that the registry lacks. --no-save: a start changes no tracked file.
  const flags = ['--no-audit', '--no-fund', '--no-save', '--include=dev', '--loglevel=error'];
  const { status, error } = spawnSync('npm', ['install', ...flags], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error) throw new BootstrapError(`npm could not be started (${error.message}). It comes with Node.js: is it in the PATH?`);
  if (status !== 0)
    throw new BootstrapError(
      'npm could not install the packages; its own message stands above. Check the network (and proxy settings), then run the same command again.',
    );
  const now = new Date();
  utimesSync(installed, now, now);
}

/**
 * The server needs Node 24; the package `node` brings it where the machine's own is older.
 *
 * @param {string} root
 */
function requireNode24(root) {
  if (majorOf(nodeVersionIn(root) ?? process.versions.node) >= OLDEST_NODE_FOR_US) return;
  throw new BootstrapError(
    `Node.js ${OLDEST_NODE_FOR_US} is missing: this machine has ${process.version}, and the package that brings it was not set up ` +
      '(npm set to `ignore-scripts`?). Allow install scripts and delete node_modules, or install Node.js 24, then run the same command again.',
  );
}

/** @param {string} root */
function nodeVersionIn(root) {
  if (!existsSync(ownNode(root))) return undefined;
  const { status, stdout } = spawnSync(ownNode(root), ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace(/^v/, '') : undefined;
}

/** @param {string} root */
function buildWeb(root) {
  const configuration = join(root, 'src', 'web', 'vite.config.ts');
  if (!existsSync(configuration)) return;
  // A file of its own beside the pages: an interrupted build leaves index.html behind, but not this.
  const stamp = join(root, 'dist', '.web-built');
  const current =
    existsSync(join(root, 'dist', 'web', 'index.html')) &&
    !isStale(
      stamp,
      WEB_SOURCES.map((path) => join(root, path)),
    );
  if (current) return;

  say('Building the web pages …');
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const arguments_ = [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', configuration, '--logLevel', 'warn'];
  const { status } = spawnSync(existsSync(ownNode(root)) ? ownNode(root) : process.execPath, arguments_, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new BootstrapError('The web pages could not be built; the message of Vite stands above.');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
}

/**
 * The Node 24 that the package `node` brings; there only where that package was set up.
 *
 * @param {string} root
 */
function ownNode(root) {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Newest change in a file or a folder, in milliseconds since 1970; a folder's own time shows what was deleted from it. */
function newestIn(/** @type {string} */ path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  let newest = found.mtimeMs;
  for (const name of readdirSync(path)) newest = Math.max(newest, newestIn(join(path, name)));
  return newest;
}

function majorOf(/** @type {string} */ version) {
  return Number(version.split('.')[0]);
}

function say(/** @type {string} */ message) {
  process.stderr.write(`${message}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    bootstrap(fileURLToPath(new URL('..', import.meta.url)), { packagesOnly: process.argv.includes('--packages-only') });
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    say(`\n${error.message}`);
    process.exit(1);
  }
}
