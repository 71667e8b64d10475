import { describe, expect, it } from 'vitest';
import { candidateTerms, conceptsOf } from './concepts.ts';
import { foldText } from './fold-text.ts';
import { fuseRanks } from './fuse-ranks.ts';

describe('Concepts of a text', () => {
  const thesaurus = new Map([
    ['myocardial infarction', ['heart attack', 'infarct of the heart']],
    ['infarction', []],
  ]);

  it('are the longest terms that the thesaurus knows, and each other word that says something', () => {
    expect(conceptsOf('How is acute Myocardial Infarction treated?', thesaurus)).toEqual([
      { text: 'acute', synonyms: [], isKnown: false },
      { text: 'myocardial infarction', synonyms: ['heart attack', 'infarct of the heart'], isKnown: true },
      { text: 'treated', synonyms: [], isKnown: false },
    ]);
  });

  it('have at most eight synonyms and come once', () => {
    const many = new Map([['x', Array.from({ length: 20 }, (_, index) => `name ${index}`)]]);
    expect(conceptsOf('x X', many)).toHaveLength(1);
    expect(conceptsOf('x', many)[0]?.synonyms).toHaveLength(8);
  });

  it('are looked for among runs of up to six words', () => {
    expect(candidateTerms('a b c')).toEqual(['a', 'a b', 'a b c', 'b', 'b c', 'c']);
    expect(candidateTerms('1 2 3 4 5 6 7')).not.toContain('1 2 3 4 5 6 7');
  });

  it('are folded: without case, accents and punctuation', () => {
    expect(foldText('  Sjögren’s—Syndrome (COVID-19) ')).toBe('sjogren s syndrome covid 19');
  });
});

describe('Reciprocal rank fusion (Cormack 2009)', () => {
  it('puts first what several lists hold high, weighted', () => {
    expect(
      fuseRanks([
        { items: ['a', 'b', 'c'], weight: 1 },
        { items: ['c', 'd'], weight: 1 },
      ]),
    ).toEqual(['c', 'a', 'b', 'd']);
    expect(
      fuseRanks([
        { items: ['a'], weight: 0.5 },
        { items: ['b'], weight: 1 },
      ]),
    ).toEqual(['b', 'a']);
    expect(fuseRanks([])).toEqual([]);
  });
});
