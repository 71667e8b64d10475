import { expect, test } from 'vitest';
import { openStatementNames } from './named-statements.ts';

const run = (nameOf: (text: string) => string | undefined, text: string, times: number): string | undefined =>
  Array.from({ length: times }, () => nameOf(text)).at(-1);

test('a statement gets a name of its own once it was run ten times, and keeps it', () => {
  const nameOf = openStatementNames();
  expect(run(nameOf, 'select a from t', 9)).toBeUndefined();
  const name = nameOf('select a from t');
  expect(name).toBeDefined();
  expect(run(nameOf, 'select b from t', 10)).not.toBe(name);
  expect(run(nameOf, 'select a from t', 3)).toBe(name);
});

test('what takes whatever columns there are has none; a count has', () => {
  const nameOf = openStatementNames();
  expect(run(nameOf, 'select * from t', 20)).toBeUndefined();
  expect(run(nameOf, 'select "t".* from "t"', 20)).toBeUndefined();
  expect(run(nameOf, 'insert into t default values returning *', 20)).toBeUndefined();
  expect(run(nameOf, 'select count(*) from t', 20)).toBeDefined();
});

test('a connection keeps a bounded number, however many statements are run', () => {
  const nameOf = openStatementNames();
  const named = new Set(Array.from({ length: 400 }, (_, index) => run(nameOf, `select ${index}`, 10)));
  expect(named.size).toBe(151);
});
