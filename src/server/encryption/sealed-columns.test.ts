import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { INSTALLATION_COLUMNS, SEALED_COLUMNS } from './sealed-columns.ts';

const SERVER = fileURLToPath(new URL('..', import.meta.url));

it('every column that anything is sealed for is listed, so that a change of keys reaches it', () => {
  const sources = readdirSync(SERVER, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path),
  );
  const places = sources.flatMap((path) => {
    const code = readFileSync(join(SERVER, path), 'utf8');
    if (!/\b(sealText|openText)\(/.test(code)) return [];
    return [...code.matchAll(/table: '(\w+)',\s*column: '(\w+)',\s*row\b/g)].map(([, table, column]) => `${table}.${column}`);
  });
  const listed = [...SEALED_COLUMNS, ...INSTALLATION_COLUMNS].map(({ table, column }) => `${table}.${column}`);
  expect([...new Set(places)].sort()).toEqual(listed.sort());
});
