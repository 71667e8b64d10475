import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { listEndpoints } from '../../src/server/openapi.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What reads text that others wrote. */
const FOLDERS = ['src/contract', 'src/server', 'src/dicom', 'src/reporting', 'src/clinical', 'src/inference', 'src/imaging'];
/** As long as a text of a request may be, by far. */
const LENGTH = 4_000;
/** Expressions that look at each character a few times need a thousandth of this, those that try all ways to divide a text need years. */
const LIMIT_MS = 3_000;

type Expression = { source: string; flags: string; where: string };

/** The expressions of the schemas, and all that are written in the code. */
function expressions(): Expression[] {
  const found: Expression[] = [];
  for (const { endpoint } of listEndpoints()) collectPatterns(endpoint, `${endpoint.method} ${endpoint.path}`, found);
  for (const folder of FOLDERS) {
    const paths = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' });
    for (const path of paths.filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name))) collectLiterals(`${folder}/${path}`, found);
  }
  return [...new Map(found.map((one) => [`/${one.source}/${one.flags}`, one])).values()];
}

function collectPatterns(value: unknown, where: string, found: Expression[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, held] of Object.entries(value)) {
    if (name === 'pattern' && typeof held === 'string') found.push({ source: held, flags: 'u', where });
    else collectPatterns(held, where, found);
  }
}

function collectLiterals(path: string, found: Expression[]): void {
  const file = ts.createSourceFile(path, readFileSync(ROOT + path, 'utf8'), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      const text = node.getText(file);
      const end = text.lastIndexOf('/');
      found.push({ source: text.slice(1, end), flags: text.slice(end + 1), where: path });
    }
    node.forEachChild(visit);
  };
  visit(file);
}

const context = createContext({ expression: /x/, text: '' }) as { expression: RegExp; text: string };

/** Whether a search in the text ends. */
function ends(expression: RegExp, text: string): boolean {
  context.expression = expression;
  context.text = text;
  try {
    runInContext('expression.lastIndex = 0; expression.test(text)', context, { timeout: LIMIT_MS });
    return true;
  } catch (error) {
    // An error of another realm is no instance of our `Error`.
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

/** A beginning, something over and over, and an end that does not fit: what an expression can be made to try all ways on. */
function hostileText({ source }: Expression): fc.Arbitrary<string> {
  const letters = [...new Set([...source.replaceAll(/\\[a-zA-Z]|[[\](){}|^$*+?]/g, ''), ...'aA0 .-_/:@,;=<>"\\\t\n\u00e4'])];
  const piece = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  return fc
    .tuple(fc.option(piece, { nil: '' }), piece, fc.option(piece, { nil: '' }), fc.constantFrom('', '\u0000', '!', '\n', '~'))
    .map(([before, again, after, end]) => before + again.repeat(Math.ceil(LENGTH / again.length)) + after + end);
}

/** The beginning of a text in which the search does not end, if one was found. */
function counterexampleOf(one: Expression): string | undefined {
  const expression = new RegExp(one.source, one.flags);
  const property = fc.property(hostileText(one), (text) => ends(expression, text));
  // Each that fails takes the limit: the first one says enough.
  const { counterexample } = fc.check(property, { numRuns: 40, seed: 7, endOnFailure: true });
  return counterexample ? JSON.stringify(counterexample[0]) : undefined;
}

describe('no text makes a regular expression search for ever (ReDoS)', () => {
  it.each(['^(?:[a-z0-9]+)+$', '^(?:\\w+[ .-]?)*:$'])(
    'finds that of %s, so that the case below can fail',
    { timeout: 60_000 },
    (source) => {
      expect(counterexampleOf({ source, flags: 'u', where: '' })).toBeDefined();
    },
  );

  it('of those in the schemas and in the code', { timeout: 300_000 }, () => {
    const all = expressions();
    expect(all.length).toBeGreaterThan(100);
    const bad: string[] = [];
    for (const one of all) {
      const text = counterexampleOf(one);
      if (text !== undefined) bad.push(`${one.where}: /${one.source}/${one.flags} on ${text.slice(0, 60)}`);
    }
    expect(bad).toEqual([]);
  });
});
