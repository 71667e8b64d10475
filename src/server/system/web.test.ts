import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCREENS } from './web.ts';

it('answers the address of every screen of the web app, and of no other', () => {
  const text = readFileSync(new URL('../../web/router.tsx', import.meta.url), 'utf8');
  const first = [...text.matchAll(/path: '\/([a-z-]+)/g)].map(([, name]) => name);
  expect(first.length).toBeGreaterThan(15);
  // Its routes stand in a file of their own, under this one.
  expect(new Set(SCREENS)).toEqual(new Set([...first, 'admin']));
});
