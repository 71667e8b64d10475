import { describe, expect, it } from 'vitest';
import type { Statement } from '../../contract/reports.ts';
import { addStatement, confirmStatements, moveStatements, statementAt } from './text-change.ts';

const BEFORE = 'One. Two. Three.';
const TWO: Statement = { section: 'findings', start: 5, end: 9, finding_id: null, state: 'unreviewed' };
const movedTo = (text: string, caret?: number): Statement[] =>
  moveStatements([TWO], { section: 'findings', before: BEFORE, after: text, caret });
const words = (statements: readonly Statement[], text: string): string[] => statements.map(({ start, end }) => text.slice(start, end));

describe('a change of a section', () => {
  it('moves what stands behind it and leaves what stands before it', () => {
    for (const text of ['Zero. One. Two. Three.', 'One. Two. Three. Four.', 'Two. Three.', 'One. Two. ']) {
      expect(words(movedTo(text), text), text).toEqual(['Two.']);
      expect(movedTo(text)[0]?.state).toBe('unreviewed');
    }
  });

  it('makes a statement the own one of who changes it', () => {
    const text = 'One. Two and more. Three.';
    expect(words(movedTo(text), text)).toEqual(['Two and more.']);
    expect(movedTo(text)[0]?.state).toBe('edited');
  });

  it('keeps what is left of one that was cut, and drops one that is gone', () => {
    expect(words(movedTo('One. Tw'), 'One. Tw')).toEqual(['Tw']);
    expect(words(movedTo('Onwo. Three.'), 'Onwo. Three.')).toEqual(['wo.']);
    expect(movedTo('One. Three.', 5)).toEqual([]);
    expect(movedTo('')).toEqual([]);
  });

  it('leaves other sections alone', () => {
    expect(moveStatements([TWO], { section: 'impression', before: 'a', after: '' })).toEqual([TWO]);
  });
});

describe('statements', () => {
  it('are confirmed where they are meant, and only if nobody has reviewed them', () => {
    const edited = { ...TWO, start: 10, end: 16, state: 'edited' as const };
    expect(confirmStatements([TWO, edited], () => true).map(({ state }) => state)).toEqual(['confirmed', 'edited']);
    expect(confirmStatements([TWO], () => false)).toEqual([TWO]);
  });

  it('take the place of those on the same piece', () => {
    const added: Statement = { ...TWO, start: 7, end: 12, state: 'confirmed' };
    expect(addStatement([TWO, { ...TWO, section: 'impression' }], added)).toHaveLength(2);
  });

  it('are found by a place within them', () => {
    expect(statementAt([TWO], 'findings', 5)).toBe(TWO);
    expect(statementAt([TWO], 'findings', 4)).toBeUndefined();
    expect(statementAt([TWO], 'impression', 5)).toBeUndefined();
  });
});
