import type { PatientDatum } from '../../contract/trials.ts';
import type { Judgment } from './judgment.ts';
import { datumOf, type PatientFacts } from './patient-facts.ts';
import { isWithin, readBounds } from './read-bounds.ts';
import { remainingWords, wordSet } from './remaining-words.ts';

const AGE_WORDS = wordSet(
  'age aged ages year years yr yrs old older than over above under below least most greater less equal more minimum maximum up through',
);
const SEX_WORDS = wordSet('male males female females man men woman women sex gender either');
const BOTH = new Set([...AGE_WORDS, ...SEX_WORDS]);
const PREGNANCY_WORDS = wordSet(
  'pregnant pregnancy breastfeeding breast feeding lactating lactation nursing mother mothers woman women female females',
);

/** Age, sex, or both: `Men and women aged 18 to 75 years`. */
export function judgeAgeAndSex(text: string, facts: PatientFacts): Judgment | undefined {
  const namesAge = /\b(ages?|aged|years old|years of age|years or older|years and older)\b/i.test(text);
  const female = /\b(females?|wom[ae]n)\b/i.test(text);
  const male = /\b(males?|m[ae]n)\b/i.test(text);
  const bounds = namesAge ? readBounds(olderAsBound(text)) : undefined;
  if (!bounds && !female && !male) return undefined;
  if (remainingWords(text, BOTH).length > 0 || (namesAge && !bounds)) return undefined;
  const outcomes = [
    ...(bounds ? [facts.age === null ? undefined : isWithin(facts.age, bounds)] : []),
    ...(female !== male ? [facts.sex === null ? undefined : (facts.sex === 'female') === female] : []),
  ];
  const data = [...(bounds ? ageDatum(facts) : []), ...(female !== male ? sexDatum(facts) : [])];
  if (outcomes.includes(false)) return { status: 'not_met', reason: 'By age or sex', data };
  if (outcomes.includes(undefined)) return { status: 'unknown', reason: 'Age or sex is not known', data };
  return { status: 'met', reason: 'By age or sex', data };
}

/** `18 years or older` is written without a sign before the number. */
function olderAsBound(text: string): string {
  return text
    .replaceAll(/(\d+)\s*(years?|yrs?)?( of age| old)?\s*(or|and)\s*(older|above|over|greater|more)/gi, 'at least $1 years')
    .replaceAll(/(\d+)\s*(years?|yrs?)?( of age| old)?\s*(or|and)\s*(younger|below|under|less)/gi, 'at most $1 years');
}

/** Pregnancy and breastfeeding: men are neither; of women the record has to tell. */
export function judgePregnancy(text: string, facts: PatientFacts): Judgment | undefined {
  if (!/pregnan|breast-?\s?feed|lactat|nursing/i.test(text) || remainingWords(text, PREGNANCY_WORDS).length > 0) return undefined;
  if (facts.sex === 'male') return { status: 'not_met', reason: 'By sex', data: sexDatum(facts) };
  const told = facts.named.find(
    ({ entry, names }) => entry.kind === 'condition' && entry.status === 'active' && names.some((name) => /\bpregnan/.test(name)),
  );
  if (told) return { status: 'met', reason: 'By the record', data: [datumOf(told.entry)] };
  return { status: 'unknown', reason: 'The record does not tell', data: [] };
}

export function ageDatum({ age }: PatientFacts): PatientDatum[] {
  return age === null ? [] : [{ record_entry_id: null, text: `Age ${age}`, date: null }];
}

export function sexDatum({ sex }: PatientFacts): PatientDatum[] {
  return sex === null ? [] : [{ record_entry_id: null, text: `Sex: ${sex}`, date: null }];
}
