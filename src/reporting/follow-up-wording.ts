import type { FollowUpStep, Recommendation } from '../contract/clinical.ts';
import type { FollowUpAdvice } from '../contract/follow-up.ts';
import type { Locale } from '../contract/reports.ts';
import { AR, DE, EN, ES, type FollowUpWords, FR } from './follow-up-words.ts';
import { formatNumber } from './numbers.ts';
import { wordingOf } from './wording.ts';

const WORDS: Readonly<Record<Locale, FollowUpWords>> = { en: EN, de: DE, fr: FR, es: ES, ar: AR };

/** Names the guideline in every language, so that a report can be searched for it: `Fleischner 2017`. */
export function guidelineMark({ rule, version }: Pick<FollowUpAdvice, 'rule' | 'version'>): string {
  const name = rule.split('-')[0] ?? rule;
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)} ${version}`;
}

/** One line for the recommendation section, with the guideline and its edition. Pure; in the words of one table for each language. */
export function describeFollowUp(advice: FollowUpAdvice, locale: Locale): string {
  const words = WORDS[locale];
  const { subject, options, missing } = advice;
  const diameter = subject.diameter_mm === null ? null : `${formatNumber(subject.diameter_mm, 1).replace('.', words.decimal)}\u00a0mm`;
  const about = words.nodules(subject.count, subject.kind === null ? null : (words.kind[subject.kind] ?? null), diameter);
  const said = options.map((option) => describeOption(option, words));
  const names = missing.map((name) => words.missing[name] ?? name);
  const text = said.length === 1 ? (said[0] ?? '') : `${words.dependsOn(wordingOf(locale).list(names))} ${said.join(` ${words.or} `)}`;
  return `${about}: ${text} (${wordingOf(locale).embed(guidelineMark(advice))}).`;
}

/** What a recommendation asks for, step by step. */
export function describeRecommendation(recommendation: Recommendation, locale: Locale): string {
  return describeOption(recommendation, WORDS[locale]);
}

function describeOption({ steps }: Recommendation, words: FollowUpWords): string {
  if (steps.length === 0) return words.nothing;
  return steps.map((step) => describeStep(step, words)).join('; ');
}

function describeStep(
  { modality, alternatives, interval_months, urgency, if_unchanged, repeat }: FollowUpStep,
  words: FollowUpWords,
): string {
  const acts = [modality, ...alternatives].map((name) => words.modality[name]);
  const [first = '', ...others] = acts;
  const timed = [first, interval_months ? words.after(interval_months) : ''].filter(Boolean).join(' ');
  const repeated = repeat ? `, ${words.repeated(repeat.every_months, repeat.until_months)}` : '';
  const act = `${[timed, ...others].join(` ${words.or} `)}${repeated}`;
  const urged = words[urgency](act);
  return if_unchanged ? words.ifUnchanged(urged) : urged;
}
