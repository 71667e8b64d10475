import { foldText } from '../literature/fold-text.ts';
import type { Judgment } from './judgment.ts';
import { datumOf, type NamedEntry, type PatientFacts } from './patient-facts.ts';
import { remainingWords, wordSet } from './remaining-words.ts';

const HISTORY = /\b(history|prior|previous|previously|past|ever)\b/i;
const ALLERGY = /\b(allerg\w*|hypersensitiv\w*|intoleran\w*|anaphyla\w*)\b/i;
const NEGATED = /^\W*(no|not|without|absence of|free of|free from)\b/i;
/** Where these stand, a list of names is no plain list. */
const CONDITIONAL = /\b(unless|except\w*|other than|if|provided|excluding|not requiring)\b/i;
const UNDERSTOOD: Record<'condition' | 'medication' | 'allergy', ReadonlySet<string>> = {
  condition: wordSet('history prior previous previously past ever no not without absence free disease disorder suffering'),
  medication: wordSet(
    'history prior previous previously past ever no not without use using taking receiving treatment treated therapy on by medication medications drug drugs',
  ),
  allergy: wordSet(
    'history prior previous past no not without allergy allergies allergic hypersensitivity intolerance anaphylaxis reaction reactions drug',
  ),
};

/**
 * Diseases, medications and allergies by name: `History of asthma`, `Current use of warfarin or apixaban`. It holds if an entry of the record
 * is what an item of the criterion names and the item says nothing else; active entries for what is asked of the present, others only where
 * the criterion asks for the past.
 */
export function judgeNamed(text: string, facts: PatientFacts): Judgment | undefined {
  const isAllergy = ALLERGY.test(text);
  const entries = facts.named.filter(({ entry }) => (entry.kind === 'allergy') === isAllergy);
  const folded = foldText(text);
  const near = entries.filter(({ names }) => names.some((name) => holdsPhrase(folded, name)));
  if (near.length === 0) return undefined;
  const data = near.map(({ entry }) => datumOf(entry));
  const unclear: Judgment = { status: 'unknown', reason: 'The record has what it names, and it asks for more than that', data };
  if (CONDITIONAL.test(text)) return unclear;
  const items = text
    .replace(NEGATED, ' ')
    .split(/,|;|\/|\band\/or\b|\bor\b/i)
    .map(foldText);
  const joined = /\band\b(?!\s*\/\s*or)/i.test(text.replaceAll(/and\/or/gi, ' '));
  const held = items.map((item) => near.filter((entry) => explains(entry, item)));
  const explained = joined ? [] : held.flat();
  if (explained.length === 0) return unclear;
  const asksPast = HISTORY.test(text);
  const present = explained.filter(
    ({ entry: { status } }) => status === 'active' || (asksPast && (status === 'resolved' || status === 'inactive')),
  );
  const negated = NEGATED.test(text);
  if (present.length > 0)
    return { status: negated ? 'not_met' : 'met', reason: 'By the record', data: present.map(({ entry }) => datumOf(entry)) };
  const everyRefuted = held.every((found) => found.length > 0 && found.every(({ entry }) => entry.status === 'refuted'));
  if (everyRefuted) return { status: negated ? 'met' : 'not_met', reason: 'The record says that it is not so', data };
  return { status: 'unknown', reason: 'The record has it, but not as active', data };
}

function holdsPhrase(folded: string, name: string): boolean {
  return ` ${folded} `.includes(` ${name} `) || ` ${folded} `.includes(` ${name}s `);
}

/** Whether nothing of the item remains beside a name of the entry. */
function explains({ entry, names }: NamedEntry, item: string): boolean {
  const kind = entry.kind === 'medication' || entry.kind === 'allergy' ? entry.kind : 'condition';
  return names.some(
    (name) => holdsPhrase(item, name) && remainingWords(` ${item} `.replace(new RegExp(` ${name}s? `), ' '), UNDERSTOOD[kind]).length === 0,
  );
}
