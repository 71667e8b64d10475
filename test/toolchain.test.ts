import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStale } from '../scripts/bootstrap.mjs';
import { configurationPage } from '../scripts/configuration-page.ts';
import { closingLines, newTally, skipReason } from '../scripts/tally.ts';
import { describeOptions } from '../src/server/config.ts';
import { testProjects } from './projects.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  scripts: Record<string, string>;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isocenter-toolchain-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what was made from code is current', () => {
  test('docs/configuration.md lists the options of config.ts (`npm run docs` writes it)', () => {
    expect(readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')).toBe(configurationPage(describeOptions()));
  });

  test('openapi.json describes the endpoints of src/contract (`npm run openapi` writes it)', async () => {
    const { openApiDocument } = await import('../src/server/openapi.ts');
    expect(JSON.parse(readFileSync(join(ROOT, 'openapi.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });
});

describe('the test run', () => {
  test('every test file belongs to exactly one project', () => {
    const files = globSync(['src/**/*.test.*', 'test/**/*.test.*', 'bench/**/*.test.*', 'scripts/**/*.test.*'], { cwd: ROOT });
    const found = testProjects.flatMap(({ include }) => include.flatMap((pattern) => globSync(pattern, { cwd: ROOT })));
    expect(files.length).toBeGreaterThan(10);
    expect(found.sort()).toEqual(files.sort());
  });

  test('reads what a skipped test needs from its innermost name', () => {
    expect(skipReason('upload (needs ../shared/data) > opens in a browser (needs chromium)')).toBe('chromium not installed');
    expect(skipReason('reads CT (needs ../shared/data)')).toBe('../shared/data not present');
    expect(skipReason("on 'SQLite' (needs '../shared/data')")).toBe('../shared/data not present');
    expect(skipReason('whatever (needs chromium)', 'the port is taken')).toBe('the port is taken');
    expect(skipReason('lonely')).toBe('no reason given: lonely');
  });

  test('ends with the counts alone on the last line, after failures and reasons', () => {
    const skipped = new Map([
      ['chromium not installed', 1],
      ['../shared/data not present', 3],
    ]);
    expect(closingLines({ passed: 5, failed: 1, failures: ['a.test.ts > adds'], skipped })).toEqual([
      '',
      'Failed:',
      '  a.test.ts > adds',
      '',
      'skipped: ../shared/data not present (3 tests)',
      'skipped: chromium not installed (1 test)',
      '5 passed, 1 failed, 4 skipped',
    ]);
    expect(closingLines(newTally()).at(-1)).toBe('0 passed, 0 failed, 0 skipped');
  });

  test('counts failures in tests, in hooks and in imports, and goes on', () => {
    writeFileSync(join(folder, 'fails.test.js'), `test('adds', () => { throw new Error('wrong sum'); });\ntest('subtracts', () => {});\n`);
    writeFileSync(
      join(folder, 'hook.test.js'),
      `describe('hooked', () => { beforeAll(() => { throw new Error('no hook'); }); test('never', () => {}); });\n`,
    );
    writeFileSync(join(folder, 'broken.test.js'), `import './nowhere.js';\ntest('unseen', () => {});\n`);
    writeFileSync(
      join(folder, 'skips.test.js'),
      `describe.skipIf(true)('browser (needs chromium)', () => { test('clicks', () => {}); });\n`,
    );
    const lines = runReporter(folder);

    expect(lines).toContain('skipped: chromium not installed (1 test)');
    expect(lines.join('\n')).toContain('wrong sum');
    expect(lines.join('\n')).toContain('no hook');
    expect(lines).toContain('  fails.test.js > adds');
    expect(lines).toContain('skipped: a hook failed before the test (1 test)');
    expect(lines.at(-1)).toBe('1 passed, 3 failed, 2 skipped');
  });
});

/** Runs Vitest on a folder with the project's reporter in a process of its own; returns what it printed, line by line. */
function runReporter(root: string): string[] {
  const script = `
    import { startVitest } from 'vitest/node';
    import { progressReporter } from './scripts/progress-reporter.ts';
    import { closingLines, newTally } from './scripts/tally.ts';
    const tally = newTally();
    const reporter = progressReporter(tally, { print: console.log, pathOf: (file) => file.split('/').at(-1) });
    const options = { root: process.argv[1], config: false, globals: true, watch: false, run: true, include: ['*.test.js'], reporters: [reporter] };
    const vitest = await startVitest('test', [], options);
    await vitest.close();
    for (const line of closingLines(tally)) console.log(line);
    process.exit(0);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, root], {
    cwd: ROOT,
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  return stdout.trimEnd().split('\n');
}

/** Without what the outer test run tells its own workers. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && name !== 'TEST'));
}

describe('the first start', () => {
  test('a product is stale when it is missing, or older than a source, in a folder too', () => {
    const source = join(folder, 'sources', 'deep', 'a.ts');
    mkdirSync(join(folder, 'sources', 'deep'), { recursive: true });
    writeFileSync(source, '');
    const product = join(folder, 'product');
    expect(isStale(product, [source])).toBe(true);

    writeFileSync(product, '');
    utimesSync(product, new Date('2031-01-01'), new Date('2031-01-01'));
    expect(isStale(product, [join(folder, 'sources')])).toBe(false);
    expect(isStale(product, [join(folder, 'missing')])).toBe(false);

    utimesSync(source, new Date('2032-01-01'), new Date('2032-01-01'));
    expect(isStale(product, [join(folder, 'sources')])).toBe(true);
  });

  test('the bootstrap says what to do when npm cannot install', () => {
    mkdirSync(join(folder, 'scripts'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'scripts/bootstrap.mjs'), readFileSync(join(ROOT, 'scripts/bootstrap.mjs')));
    writeFileSync(join(folder, 'bin/npm'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { status, stderr } = spawnSync(process.execPath, ['scripts/bootstrap.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('npm could not install the packages');
    expect(stderr).toContain('run the same command again');
    expect(stderr).not.toContain('    at ');
  });

  test('scripts, commands and the CI entry point to files that exist', () => {
    const targets = Object.values(manifest.scripts).flatMap((script) => [...(/\bnode (?:--\S+ )*(\S+)/.exec(script)?.slice(1) ?? [])]);
    expect([...targets, ...Object.values(manifest.bin)].filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).toBe(0o111);
    expect(statSync(join(ROOT, 'bin/isocenter.mjs')).mode & 0o111).toBe(0o111);
  });
});
