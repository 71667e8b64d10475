import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCORES } from '../../clinical/scores/registry.ts';
import { readGuideline } from './read-guideline.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'knowledge', 'literature');
const NAMES = readdirSync(FOLDER);
const CITED = SCORES.flatMap(({ citation, references = [] }) => [citation, ...references]);

describe('The starter corpus', () => {
  it('has a summary for most families of scores', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(20);
  });

  it.each(NAMES)('%s is one page with the citation that a score has, too', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const [entry, ...more] = readGuideline(name, text, 'starter');
    if (!entry || !('record' in entry)) throw new Error('Not read');
    const { record } = entry;
    expect(more).toEqual([]);
    expect(text.length).toBeLessThan(4_000);
    expect(record.abstract).toMatch(/Source: .+\d{4}[;.]/s);
    expect(record.mesh.length).toBeGreaterThan(1);
    expect(record.published_on).toMatch(/^\d{4}$/);
    const { doi, pmid } = record;
    if (doi) expect(CITED.map((citation) => citation.doi?.toLowerCase())).toContain(doi.toLowerCase());
    if (pmid) expect(CITED.map((citation) => citation.pmid)).toContain(pmid);
    if (!doi && !pmid) expect(record.abstract).toContain('5th ed.');
  });
});
