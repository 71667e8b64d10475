import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RELEVANCE_RULES } from '../../../clinical/history/relevance-rules.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

type Card = { labels?: { id: string }[]; findings?: { id: string }[] };

function codesOf(model: string): string[] {
  const card = JSON.parse(readFileSync(new URL(`../../../../models/${model}/card.json`, import.meta.url), 'utf8')) as Card;
  return [...(card.labels ?? []), ...(card.findings ?? [])].map(({ id }) => id);
}

it.each(Object.entries({ de, fr, es, ar }))('%s words every finding of the bundled models and every rule of relevance', (_, words) => {
  const codes = ['cxr-pneumonia', 'ct-lung'].flatMap(codesOf);
  expect(codes.filter((code) => !(code in words.findings))).toEqual([]);
  expect(RELEVANCE_RULES.map(({ id }) => id).filter((id) => !(id in words.relevance))).toEqual([]);
});
