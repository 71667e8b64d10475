import type { Locale } from '../../contract/reports.ts';

type Sign = '.' | ',' | ':' | ';' | '?' | '\n' | '\n\n' | '.\n';

/** What is said for a sign, the longest first where one begins another. */
const SPOKEN: Record<Locale, readonly (readonly [phrase: string, sign: Sign])[]> = {
  en: [
    ['new paragraph', '\n\n'],
    ['new line', '\n'],
    ['full stop', '.'],
    ['period', '.'],
    ['semicolon', ';'],
    ['question mark', '?'],
    ['comma', ','],
    ['colon', ':'],
  ],
  de: [
    ['neuer absatz', '\n\n'],
    ['neue zeile', '\n'],
    ['semikolon', ';'],
    ['strichpunkt', ';'],
    ['doppelpunkt', ':'],
    ['fragezeichen', '?'],
    ['komma', ','],
    ['punkt', '.'],
  ],
  fr: [
    ['nouveau paragraphe', '\n\n'],
    ['point à la ligne', '.\n'],
    ['nouvelle ligne', '\n'],
    ['à la ligne', '\n'],
    ['point virgule', ';'],
    ['point d’interrogation', '?'],
    ["point d'interrogation", '?'],
    ['deux points', ':'],
    ['virgule', ','],
    ['point', '.'],
  ],
  es: [
    ['nuevo párrafo', '\n\n'],
    ['punto y aparte', '.\n'],
    ['nueva línea', '\n'],
    ['punto y coma', ';'],
    ['signo de interrogación', '?'],
    ['dos puntos', ':'],
    ['coma', ','],
    ['punto', '.'],
  ],
  ar: [
    ['فقرة جديدة', '\n\n'],
    ['سطر جديد', '\n'],
    ['علامة استفهام', '?'],
    ['فاصلة منقوطة', ';'],
    ['نقطتان', ':'],
    ['فاصلة', ','],
    ['نقطة', '.'],
  ],
};
const ARABIC_SIGNS: Partial<Record<Sign, string>> = { ',': '،', ';': '؛', '?': '؟' };

/**
 * What was heard as it is to be written behind `before`: spoken signs as signs, a capital where a sentence begins, a space where one
 * belongs.
 */
export function dictated(heard: string, { before, locale }: { before: string; locale: Locale }): string {
  let text = before;
  for (const part of split(heard.trim(), locale)) text = append(text, part, locale);
  return text.slice(before.length);
}

type Part = { word: string } | { sign: Sign };

function split(heard: string, locale: Locale): Part[] {
  const phrases = SPOKEN[locale];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${phrases.map(([phrase]) => phrase).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return heard.split(pattern).flatMap((piece): Part[] => {
    const sign = phrases.find(([phrase]) => phrase === piece.toLowerCase())?.[1];
    if (sign) return [{ sign }];
    return piece.trim() === '' ? [] : [{ word: piece.trim() }];
  });
}

function append(text: string, part: Part, locale: Locale): string {
  if ('sign' in part) {
    const sign = locale === 'ar' ? (ARABIC_SIGNS[part.sign] ?? part.sign) : part.sign;
    return `${text.trimEnd()}${text.trim() === '' ? sign.replaceAll('\n', '') : sign}`;
  }
  const begins = text.trim() === '' || /[.!?؟\n]\s*$/u.test(text);
  const word = begins ? part.word.charAt(0).toLocaleUpperCase(locale) + part.word.slice(1) : part.word;
  return text === '' || /\s$/.test(text) ? `${text}${word}` : `${text} ${word}`;
}
