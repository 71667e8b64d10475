import type { MatchRule } from '../../contract/patients-merge.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { type Candidate, insertMatches, listBornOn, listOfNumber } from './match-repository.ts';

/** Pairs that are noted of one record: more would be a default value, as a name that stands for nobody. */
const MOST_PAIRS = 20;
/** A name of one word within another says little. */
const FEWEST_WORDS = 2;

/**
 * Notes which records may be of the same person as one that is new or was corrected, for somebody to decide on. By rules alone, and nothing is
 * merged: an ID, name and birth date that are all the same have led to one record already.
 */
export async function noteMatches(tx: Tx, record: Candidate, at: Date): Promise<void> {
  const found = new Map<string, MatchRule>();
  if (record.birth_date !== null && record.name_search !== '')
    for (const other of await listBornOn(tx, { id: record.id, birth_date: record.birth_date })) {
      const rule = ruleOf(record, other);
      if (rule) found.set(other.id, rule);
    }
  if (record.patient_id !== '') for (const other of await listOfNumber(tx, record)) found.set(other.id, 'same-number');
  const pairs = [...found].slice(0, MOST_PAIRS);
  await insertMatches(
    tx,
    pairs.map(([other, rule]) => {
      const [patient_key, other_key] = pairOf(record.id, other);
      const undecided = { status: 'open', decided_by: null, decided_at: null } as const;
      return { id: newId(at), patient_key, other_key, rule, ...undecided, created_at: at.toISOString() };
    }),
  );
}

/** A pair in the order in which it is kept, so that it is kept once. */
export function pairOf(one: string, other: string): [string, string] {
  return one < other ? [one, other] : [other, one];
}

/** Of two who were born on the same day. */
function ruleOf(one: Candidate, other: Candidate): MatchRule | undefined {
  if (one.name_search === other.name_search) return 'same-name-and-birth';
  const [a, b] = [wordsIn(one), wordsIn(other)];
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  const isWithin = fewer.size >= FEWEST_WORDS && [...fewer].every((word) => more.has(word));
  return isWithin ? 'similar-name-and-birth' : undefined;
}

function wordsIn({ name_search }: Candidate): Set<string> {
  return new Set(name_search.split(/[\s-]+/).filter(Boolean));
}
