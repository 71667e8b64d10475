import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { reportKnowledge } from '../scripts/knowledge-report.ts';

const KNOWLEDGE = join(import.meta.dirname, '..', 'knowledge', 'drugs');
const folder = mkdtempSync(join(tmpdir(), 'isocenter-knowledge-'));

describe('the report on the knowledge that is shipped', () => {
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('counts what issue and documentation promise, and finds no row without a citation or marked as not checked', () => {
    const report = reportKnowledge();
    expect(report.drugs).toBeGreaterThanOrEqual(450);
    expect(report.rules['interactions.csv']).toBeGreaterThanOrEqual(360);
    expect(report.rules['contrast.csv']).toBeGreaterThanOrEqual(25);
    expect(report.without_citation).toEqual([]);
    expect(report.unchecked).toEqual([]);
  });

  it('names the row that is marked', () => {
    cpSync(KNOWLEDGE, folder, { recursive: true });
    const path = join(folder, 'additive.csv');
    const [header, first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [header, first.replace('FDA label', 'K FDA label'), ...rest].join('\n'));
    expect(reportKnowledge(folder).unchecked).toEqual(['additive.csv, row 2']);
  });
});
