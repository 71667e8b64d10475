import { describe, expect, it } from 'vitest';
import type { ReportMacro } from '../../contract/report-templates.ts';
import { compareWords, type Word } from './compare-words.ts';
import { dictated } from './dictation-words.ts';
import { expandMacro } from './expand-macro.ts';
import { placeholderFrom, placeholderSelected, placeholdersOf } from './placeholders.ts';

describe('macros', () => {
  const macro = (code: string, text: string, more: Partial<ReportMacro> = {}): ReportMacro => ({
    id: text,
    reach: 'tenant',
    code,
    locale: null,
    text,
    updated_at: '2026-01-01T00:00:00.000Z',
    ...more,
  });
  const macros = [
    macro('nl', 'No lesion.'),
    macro('nl', 'Keine Läsion.', { locale: 'de' }),
    macro('nl', 'Mine.', { reach: 'own', locale: 'fr' }),
  ];
  const expanded = (text: string, locale: 'en' | 'de' | 'fr' = 'en') => expandMacro(text, text.length, { macros, locale });

  it('stand for their text after a dot or a slash at the beginning of a word', () => {
    expect(expanded('Liver: .nl')).toEqual({ start: 7, text: 'No lesion.' });
    expect(expanded('/NL')).toEqual({ start: 0, text: 'No lesion.' });
    for (const text of ['Liver.nl', '1.nl', '.none', 'nl', '.']) expect(expanded(text), text).toBeUndefined();
  });

  it("are one's own before the tenant's, and of the language before those of every language", () => {
    expect(expanded('.nl', 'de')?.text).toBe('Keine Läsion.');
    expect(expanded('.nl', 'fr')?.text).toBe('Mine.');
  });
});

describe('fields of a template', () => {
  const text = 'Lungs: [clear|opacity]. Size ___ mm, see [1] and [side].';

  it('are found in order with what can be chosen', () => {
    expect(placeholdersOf(text).map(({ start, end, options }) => [text.slice(start, end), options])).toEqual([
      ['[clear|opacity]', ['clear', 'opacity']],
      ['___', []],
      ['[side]', []],
    ]);
  });

  it('are gone to one after the other', () => {
    const first = placeholderFrom(text, 0);
    expect(first?.start).toBe(7);
    expect(placeholderFrom(text, first?.end ?? 0)?.start).toBe(29);
    expect(placeholderFrom(text, text.length)).toBeUndefined();
    expect(placeholderSelected(text, { start: 29, end: 32 })).toBeDefined();
    expect(placeholderSelected(text, { start: 29, end: 31 })).toBeUndefined();
  });
});

describe('two versions', () => {
  const told = (words: readonly Word[]): string =>
    words.map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}}` : `{-${text}}`)).join('');

  it('are compared by whole words', () => {
    expect(told(compareWords('A nodule in the left lung.', 'A solid nodule in the right lung.'))).toBe(
      'A {+solid }nodule in the {-left}{+right} lung.',
    );
    expect(told(compareWords('', 'New.'))).toBe('{+New.}');
    expect(told(compareWords('Same.', 'Same.'))).toBe('Same.');
    expect(told(compareWords('الرئة اليمنى', 'الرئة اليسرى'))).toBe('الرئة {-اليمنى}{+اليسرى}');
  });

  it('give back both of them, whatever changed', () => {
    const pairs = [
      ['a b c d e', 'a c b e d'],
      ['x\n\ny', 'y\nx'],
      ['one two three', ''],
    ] as const;
    for (const [before, after] of pairs) {
      const words = compareWords(before, after);
      expect(words.flatMap(({ kind, text }) => (kind === 'added' ? [] : [text])).join('')).toBe(before);
      expect(words.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [text])).join('')).toBe(after);
    }
  });
});

describe('dictation', () => {
  it.each([
    ['en', 'The lungs are clear period new line no effusion', 'The lungs are clear.\nNo effusion'],
    ['de', 'die Lunge ist frei Punkt neue Zeile kein Erguss', 'Die Lunge ist frei.\nKein Erguss'],
    ['fr', 'les poumons sont clairs point à la ligne pas d’épanchement', 'Les poumons sont clairs.\nPas d’épanchement'],
    ['es', 'los pulmones están limpios punto y aparte sin derrame', 'Los pulmones están limpios.\nSin derrame'],
    ['ar', 'الرئتان صافيتان نقطة سطر جديد لا انصباب', 'الرئتان صافيتان.\nلا انصباب'],
  ] as const)('writes signs that are spoken (%s)', (locale, spoken, written) => {
    expect(dictated(spoken, { before: '', locale })).toBe(written);
  });

  it('begins with a space after a word, and with a capital only after a sentence', () => {
    expect(dictated('of the lung comma', { before: 'A nodule', locale: 'en' })).toBe(' of the lung,');
    expect(dictated('the heart', { before: 'Clear.', locale: 'en' })).toBe(' The heart');
    expect(dictated('period', { before: 'Clear', locale: 'en' })).toBe('.');
    expect(dictated('new paragraph heart', { before: 'Clear.', locale: 'en' })).toBe('\n\nHeart');
  });
});
