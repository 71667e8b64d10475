import { describe, expect, it } from 'vitest';
import type { ReportSections, Statement } from '../contract/reports.ts';
import { followStatements, locateStatements, soundStatements, stateOf } from './statements.ts';

const EMPTY: ReportSections = { clinical_information: '', technique: '', comparison: '', findings: '', impression: '', recommendation: '' };
const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';
const at = (start: number, end: number, finding_id: string | null = A): Statement => ({
  section: 'findings',
  start,
  end,
  finding_id,
  state: 'unreviewed',
});

describe('statements of a report', () => {
  it('are located one after the other, so that equal sentences have places of their own', () => {
    const pieces = [
      { text: 'A nodule.', finding_id: A, state: 'unreviewed' },
      { text: 'A nodule.', finding_id: B, state: 'confirmed' },
      { text: 'Not there.', finding_id: B, state: 'confirmed' },
    ] as const;
    expect(locateStatements('findings', 'A nodule.\nA nodule.', pieces)).toMatchObject([
      { start: 0, end: 9, finding_id: A },
      { start: 10, end: 19, finding_id: B },
    ]);
  });

  it('are found again by their words in a text that was changed around them, and lost with their words', () => {
    const before = { sections: { ...EMPTY, findings: 'One.\nTwo.' }, statements: [at(0, 4), at(5, 9, B)] };
    expect(followStatements(before, { ...EMPTY, findings: 'Before.\nTwo.' })).toEqual([at(8, 12, B)]);
  });

  it('are dropped where they reach out of the text, overlap, are empty, or name a finding of another study', () => {
    const sections = { ...EMPTY, findings: '0123456789' };
    const given = [at(0, 4), at(3, 6), at(6, 6), at(7, 11), at(6, 8, B), at(8, 10, null)];
    expect(soundStatements(given, { sections, findingIds: [A] })).toEqual([at(0, 4), at(8, 10, null)]);
  });

  it("are unreviewed where a model's words stand, and not where the reader's own do", () => {
    expect(stateOf({ source: 'model', status: 'accepted' })).toBe('unreviewed');
    expect(stateOf({ source: 'model', status: 'edited' })).toBe('confirmed');
    expect(stateOf({ source: 'person', status: 'accepted' })).toBe('confirmed');
  });
});
