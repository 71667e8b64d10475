#!/usr/bin/env node
// The command `isocenter`: runs the built code of an installed package, or the TypeScript sources of a checkout, on Node 24. Plain
// JavaScript, because the Node that a shell finds may be older than the one that the packages bring.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const sources = new URL('src/cli/main.ts', root);
const built = new URL('dist/cli/main.js', root);
const ownNode = new URL(`node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, root);
const isCheckout = existsSync(sources);
const isNew = Number(process.versions.node.split('.')[0]) >= 24;

if (isCheckout && !existsSync(new URL('node_modules/.package-lock.json', root)))
  stop('The packages are not installed yet. Run `npm start` (or `npm install`) in the checkout once.');
if (!isCheckout && !existsSync(built)) stop('This package was made without its build (`npm run build`), so there is nothing to run.');
if (!isNew && !existsSync(ownNode)) stop(`Isocenter needs Node.js 24 or newer; this is ${process.version}. Install it from nodejs.org.`);

const command = isNew ? process.execPath : fileURLToPath(ownNode);
// Threads whose newest objects may fill 8 MiB, not 64, are no slower here, and an idle server takes 50 MB less.
const flags = ['--max-semi-space-size=8'];
const child = spawn(command, [...flags, fileURLToPath(isCheckout ? sources : built), ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal sends Ctrl-C to both; a supervisor only to this process, so it is handed on.
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGHUP'));
process.on('SIGINT', () => {});
child.on('error', (error) => stop(`Node.js could not be started: ${error.message}`));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});

/** @param {string} message */
function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
