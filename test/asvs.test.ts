import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Requirements of levels 1 and 2 in ASVS 5.0.0. */
const LEVELS = { '1': 70, '2': 183 };

type Row = { id: string; level: string; state: string; evidence: string };

const page = readFileSync(`${ROOT}docs/security/asvs.md`, 'utf8');
const rows: Row[] = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id = '', level = '', state = '', evidence = '']) => ({ id, level, state, evidence }),
);

test('the table of ASVS has every requirement of levels 1 and 2 once, and its sum is right', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  for (const [level, count] of Object.entries(LEVELS)) expect(rows.filter((row) => row.level === level)).toHaveLength(count);
  const countOf = (state: string) => rows.filter((row) => row.state === state).length;
  const [met, none, open] = ['met', 'n.a.', 'open'].map(countOf);
  expect(page).toContain(`${met} met, ${none} not applicable, ${open} open.`);
  expect((met ?? 0) + (none ?? 0) + (open ?? 0)).toBe(rows.length);
});

test('what is met names a file that is there; what is not says why', () => {
  for (const { id, state, evidence } of rows) {
    expect(evidence.trim().length, id).toBeGreaterThan(3);
    const files = [...evidence.matchAll(/`([\w./-]+\.\w+)`/g)].map(([, path = '']) => path);
    if (state === 'met') expect(files.length, id).toBeGreaterThan(0);
    expect(
      files.filter((path) => !existsSync(ROOT + path)),
      id,
    ).toEqual([]);
  }
});
