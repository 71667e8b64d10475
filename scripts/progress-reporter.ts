import { stripVTControlCharacters } from 'node:util';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { skipReason, type Tally } from './tally.ts';

/** Where lines go, and how a file's absolute path is shown. */
export type Output = { print: (line: string) => void; pathOf: (file: string) => string };

/** A Vitest reporter that prints one line for each file and the errors of what failed, and counts everything into `tally`. */
export function progressReporter(tally: Tally, { print, pathOf }: Output): Reporter {
  return {
    onTestModuleEnd(module) {
      const path = pathOf(module.moduleId);
      const tests = [...module.children.allTests()];
      const failed = tests.filter((test) => test.result().state === 'failed');
      const skipped = tests.filter((test) => test.result().state === 'skipped');
      countTests(tally, tests, path);

      const broken = brokenOutsideTests(module);
      const seconds = (module.diagnostic().duration / 1000).toFixed(1);
      const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
      const isBad = failed.length > 0 || broken.length > 0;
      print(`${isBad ? 'FAIL' : 'ok  '} ${path} (${tests.length} tests${skips}, ${seconds} s)`);
      for (const test of failed) printErrors(print, test.fullName, test.result().errors ?? []);
      if (broken.length === 0) return;
      tally.failed += 1;
      tally.failures.push(`${path}: failed outside its tests`);
      printErrors(print, path, broken);
    },
    onTestRunEnd(_modules, unhandledErrors) {
      if (unhandledErrors.length === 0) return;
      tally.failed += unhandledErrors.length;
      tally.failures.push(`${unhandledErrors.length} errors that no test caught (details above)`);
      printErrors(print, 'not caught by any test', unhandledErrors);
    },
  };
}

function countTests(tally: Tally, tests: TestCase[], path: string): void {
  for (const test of tests) {
    const result = test.result();
    if (result.state === 'passed') tally.passed += 1;
    else if (result.state === 'skipped') {
      const reason = hookFailed(test) ? 'a hook failed before the test' : skipReason(test.fullName, result.note);
      tally.skipped.set(reason, (tally.skipped.get(reason) ?? 0) + 1);
    } else {
      tally.failed += 1;
      tally.failures.push(`${path} > ${test.fullName}`);
    }
  }
}

/** A test under a failed `beforeAll` is reported as skipped; it has no need to name. */
function hookFailed(test: TestCase): boolean {
  let parent: TestCase['parent'] | undefined = test.parent;
  while (parent?.type === 'suite') {
    if (parent.errors().length > 0) return true;
    parent = parent.parent;
  }
  return (parent?.errors().length ?? 0) > 0;
}

/** Errors of importing the file and of hooks, which belong to no test. */
function brokenOutsideTests(module: TestModule): SerializedError[] {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
}

function printErrors(print: Output['print'], name: string, errors: readonly SerializedError[]): void {
  print(`     ${name}`);
  for (const error of errors) {
    const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|<anonymous>/.test(line));
    const parts = [error.message, error['diff'], ...frames].filter((part) => typeof part === 'string' && part !== '');
    print(stripVTControlCharacters(parts.join('\n')).replace(/^/gm, '       '));
  }
}
