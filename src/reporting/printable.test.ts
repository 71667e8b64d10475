import { describe, expect, it } from 'vitest';
import { blocksOf, directionOf, printable, printableLine } from './printable.ts';

const everything = () => true;
const latin = (codePoint: number) => codePoint < 0x250;

describe('text on its way to paper', () => {
  it('prints what no font can show as its Unicode number', () => {
    expect(printable('山 😀 \u0000\u0007 a', latin)).toBe('[U+5C71] [U+1F600] [U+0000][U+0007] a');
  });

  it('prints no control or private character even where a font has a glyph for it', () => {
    expect(printable('\u0001\ue000\u{10ffff}', everything)).toBe('[U+0001][U+E000][U+10FFFF]');
  });

  it('takes out direction overrides and closes isolates within their line', () => {
    expect(printable('a\u202egnp.exe\u202c', latin)).toBe('agnp.exe');
    expect(printable('\u2069a\u2066b\nc', latin)).toBe('a\u2066b\u2069\nc');
  });

  it('mends lone surrogates and joins combining marks', () => {
    expect(printable('\ud800', everything)).toBe('\ufffd');
    expect(printable('e\u0301', latin)).toBe('é');
  });

  it('allows a break in endless runs but leaves a UID and a SHA-256 whole', () => {
    expect(printable('x'.repeat(64), latin)).toBe('x'.repeat(64));
    expect(printable('x'.repeat(65), latin)).toBe(`${'x'.repeat(32)}\u200b${'x'.repeat(32)}\u200bx`);
  });

  it('cuts a line with an ellipsis, never within a character', () => {
    expect(printableLine('a\n b  c', 10, latin)).toBe('a b c');
    expect(printableLine('😀😀😀', 2, everything)).toBe('😀…');
  });

  it('reads lists, empty lines and the direction of each line', () => {
    expect(blocksOf('1. One\n- Two\n\nثلاثة\n2019 was fine', 'ltr', everything)).toEqual([
      { kind: 'item', marker: '1.', text: 'One', direction: 'ltr', gap: false },
      { kind: 'item', marker: '•', text: 'Two', direction: 'ltr', gap: false },
      { kind: 'paragraph', marker: '', text: 'ثلاثة', direction: 'rtl', gap: true },
      { kind: 'paragraph', marker: '', text: '2019 was fine', direction: 'ltr', gap: false },
    ]);
  });

  it('sets a paste of very many lines many to a block, none lost', () => {
    const lines = Array.from({ length: 1001 }, (_, index) => `${index}. line`);
    const blocks = blocksOf(lines.join('\n'), 'ltr', everything);
    expect(blocks.length).toBeLessThan(50);
    expect(blocks.map(({ text }) => text).join('\n')).toBe(lines.join('\n'));
  });

  it('finds the direction outside of isolates (UAX #9, P2)', () => {
    expect(directionOf('\u2066CT\u2069 نص', 'ltr')).toBe('rtl');
    expect(directionOf('12 / 3', 'rtl')).toBe('rtl');
  });
});
