import type { Locale } from '../contract/reports.ts';
import { type Lexicon, OBSERVATIONS, type Observation } from './label-lexicon.ts';
import { ARABIC_LEXICON } from './lexicon-ar.ts';
import { GERMAN_LEXICON } from './lexicon-de.ts';
import { ENGLISH_LEXICON } from './lexicon-en.ts';
import { SPANISH_LEXICON } from './lexicon-es.ts';
import { FRENCH_LEXICON } from './lexicon-fr.ts';

const LEXICONS: Record<Locale, Lexicon> = {
  en: ENGLISH_LEXICON,
  de: GERMAN_LEXICON,
  fr: FRENCH_LEXICON,
  es: SPANISH_LEXICON,
  ar: ARABIC_LEXICON,
};

export type Certainty = 'present' | 'uncertain' | 'absent';
export type Mention = { observation: Observation; certainty: Certainty; sentence: string };

/**
 * Reads what a report's text says about the observations of a chest study: each mention with its sentence. Rules in the manner of
 * NegEx (Chapman 2001, doi 10.1006/jbin.2001.1029) and of the CheXpert labeler (Irvin 2019): phrases, and cues of denial and doubt that
 * reach to the end of their clause. What is told of the past or asked for is no mention. A reading aid: it misses what it has no
 * phrase for.
 */
export function labelFindings(text: string, locale: Locale): Mention[] {
  const matchers = matchersOf(locale);
  return sentencesOf(text).flatMap((sentence) => mentionsIn(sentence, matchers));
}

/** One answer for each observation that is mentioned: present before uncertain before absent. */
export function summarizeMentions(mentions: readonly Mention[]): Map<Observation, Mention> {
  const rank: Record<Certainty, number> = { present: 2, uncertain: 1, absent: 0 };
  const summary = new Map<Observation, Mention>();
  for (const mention of mentions) {
    const known = summary.get(mention.observation);
    if (!known || rank[mention.certainty] > rank[known.certainty]) summary.set(mention.observation, mention);
  }
  return summary;
}

type Matchers = {
  mentions: readonly { observation: Observation; pattern: RegExp }[];
  normal: readonly { pattern: RegExp; absent: readonly Observation[] }[];
} & Record<'neutral' | 'uncertain' | 'historical' | 'negatesAfter' | 'negatesBefore' | 'clauseEnds', RegExp>;

type Span = { start: number; end: number };
type Cues = Record<'uncertain' | 'historical' | 'negatesAfter' | 'negatesBefore' | 'clauseEnds', readonly Span[]>;

function mentionsIn(sentence: string, matchers: Matchers): Mention[] {
  const folded = fold(sentence);
  const said: Mention[] = matchers.normal
    .filter(({ pattern }) => folded.search(pattern) >= 0)
    .flatMap(({ absent }) => absent.map((observation) => ({ observation, certainty: 'absent' as const, sentence })));
  const cues = cuesOf(folded, matchers);
  for (const { observation, pattern } of matchers.mentions) {
    for (const match of folded.matchAll(pattern)) {
      const certainty = certaintyOf({ start: match.index, end: match.index + match[0].length }, cues);
      if (certainty) said.push({ observation, certainty, sentence });
    }
  }
  return said;
}

/** Each kind of cue is taken out of the text before the next is looked for: a `not` within `cannot be excluded` denies nothing. */
function cuesOf(folded: string, matchers: Matchers): Cues {
  let rest = blank(folded, spansOf(folded, matchers.neutral));
  const take = (pattern: RegExp): readonly Span[] => {
    const spans = spansOf(rest, pattern);
    rest = blank(rest, spans);
    return spans;
  };
  const uncertain = take(matchers.uncertain);
  const historical = take(matchers.historical);
  const negatesBefore = take(matchers.negatesBefore);
  const negatesAfter = take(matchers.negatesAfter);
  return { uncertain, historical, negatesBefore, negatesAfter, clauseEnds: take(matchers.clauseEnds) };
}

/** Undefined if the mention is not of this study. */
function certaintyOf(mention: Span, cues: Cues): Certainty | undefined {
  const from = Math.max(0, ...cues.clauseEnds.filter(({ end }) => end <= mention.start).map(({ end }) => end));
  const to = Math.min(Number.POSITIVE_INFINITY, ...cues.clauseEnds.filter(({ start }) => start >= mention.end).map(({ start }) => start));
  const before = ({ start, end }: Span): boolean => start >= from && end <= mention.start;
  const after = ({ start, end }: Span): boolean => start >= mention.end && end <= to;
  if (cues.historical.some(before)) return undefined;
  if (cues.negatesBefore.some(after)) return 'absent';
  if (cues.uncertain.some((cue) => before(cue) || after(cue))) return 'uncertain';
  return cues.negatesAfter.some(before) ? 'absent' : 'present';
}

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

function blank(text: string, spans: readonly Span[]): string {
  let out = text;
  for (const { start, end } of spans) out = out.slice(0, start) + ' '.repeat(end - start) + out.slice(end);
  return out;
}

/** A full stop ends a sentence only before a space, so that `1.5 cm` and abbreviations within a word stay whole. */
function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?؟])\s+|[\n;؛]+/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

/** Lower case without marks; Arabic letters that are written in several ways in one of them. */
function fold(text: string): string {
  return withoutMarks(text).toLowerCase().replaceAll('œ', 'oe').replaceAll('ة', 'ه').replaceAll(/[’‘]/g, "'");
}

/** Also without the hamza that sits on a letter, the Arabic lengthening stroke and direction isolates. */
function withoutMarks(text: string): string {
  return text.normalize('NFKD').replaceAll(/[\p{M}\u0640\u2066-\u2069]/gu, '');
}

const compiled = new Map<Locale, Matchers>();

function matchersOf(locale: Locale): Matchers {
  const known = compiled.get(locale);
  if (known) return known;
  const lexicon = LEXICONS[locale];
  const made: Matchers = {
    mentions: OBSERVATIONS.map((observation) => ({ observation, pattern: anyOf(lexicon.mentions[observation] ?? []) })),
    normal: lexicon.normal.map(({ phrase, absent }) => ({ pattern: anyOf([phrase]), absent })),
    neutral: anyOf(lexicon.neutral),
    uncertain: anyOf(lexicon.uncertain),
    historical: anyOf(lexicon.historical),
    negatesAfter: anyOf(lexicon.negatesAfter),
    negatesBefore: anyOf(lexicon.negatesBefore),
    clauseEnds: anyOf(lexicon.clauseEnds),
  };
  compiled.set(locale, made);
  return made;
}

/** Whole words only; of several phrases that fit in one place, the longest written first. */
function anyOf(phrases: readonly string[]): RegExp {
  const longestFirst = phrases.map(withoutMarks).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
}
