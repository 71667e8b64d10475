// `npm test` (everything) and `npm run check` (`--quick`: what a change needs before it is committed). Last line: `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { testProjects } from '../test/projects.ts';
import { progressReporter } from './progress-reporter.ts';
import { closingLines, newTally, type Tally } from './tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Browser tests and the server need the built pages; that they build is a test too. */
const WEB_BUILD = { name: 'the web pages build', script: 'scripts/bootstrap.mjs', args: [] };
/** What is looked at without running it. Each counts as one test. */
const STATIC_CHECKS: readonly { name: string; script: string; args: string[] }[] = [
  {
    name: 'format and lint',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings', '--no-errors-on-unmatched'],
  },
  { name: 'types: server, command line and tests', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types: web', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.web.json'] },
  { name: 'types: tests in a browser', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.e2e.json'] },
  { name: 'nothing unused', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
];

const isQuick = process.argv.includes('--quick');
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
process.chdir(ROOT);

const tally = newTally();
if (filters.length === 0) await runStaticChecks(tally);
await runTests(tally);
for (const line of closingLines(tally)) console.log(line);
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);

async function runStaticChecks(into: Tally): Promise<void> {
  for (const check of isQuick ? STATIC_CHECKS : [...STATIC_CHECKS, WEB_BUILD]) {
    const started = performance.now();
    const { passed, output } = await runTool(check.script, check.args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)`);
    if (passed) into.passed += 1;
    else {
      into.failed += 1;
      into.failures.push(`${check.name} (details above)`);
      console.log(output.trimEnd());
    }
  }
}

/** Runs a script with this Node; what it prints matters only when it fails. */
function runTool(script: string, args: string[]): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', (error) => resolve({ passed: false, output: `${script} could not be started: ${error.message}` }));
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}

async function runTests(into: Tally): Promise<void> {
  const project = testProjects.filter(({ quick }) => quick || !isQuick).map(({ name }) => name);
  const reporter = progressReporter(into, { print: (line) => console.log(line), pathOf: (file) => relative(ROOT, file) });
  const before = into.passed + into.failed;
  const vitest = await startVitest('test', filters, { root: ROOT, watch: false, run: true, project, reporters: [reporter] }).catch(
    (error: unknown) => {
      into.failed += 1;
      into.failures.push(`the test runner stopped: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  await vitest?.close();
  if (into.passed + into.failed > before) return;
  into.failed += 1;
  into.failures.push('no test ran');
}
