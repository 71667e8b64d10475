import type { RecordEntry } from '../../contract/patient-record.ts';
import type { Knowledge } from '../drug-safety/compile.ts';
import type { Drug } from '../drug-safety/knowledge.ts';
import { parseMedication } from '../drug-safety/parse-medication.ts';
import { momentOf } from './moment.ts';

/** A medication with the ingredients that the knowledge base recognizes in it; none if it knows none. */
export type TakenMedication = { entry: RecordEntry; drugs: readonly Drug[] };

const DRUG_SYSTEMS: Readonly<Record<string, string>> = {
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'rxnorm',
  'http://www.whocc.no/atc': 'atc',
};

/** Of the present: begun, not ended, and said to be so. */
export function isPresent({ status, started_at, ended_at }: RecordEntry, now: Date): boolean {
  if (status !== 'active') return false;
  const [start, end] = [momentOf(started_at), momentOf(ended_at)];
  return (start?.from ?? 0) <= now.getTime() && (end === undefined || end.to >= now.getTime());
}

/** Medications with their ingredients, by code where the knowledge has it, else by name; a guessed spelling does not count. */
export function readMedications(entries: readonly RecordEntry[], knowledge: Knowledge): TakenMedication[] {
  const byText = new Map<string, readonly Drug[]>();
  return entries.flatMap((entry) => {
    if (entry.kind !== 'medication' || entry.status === 'refuted') return [];
    const ids = entry.codes.flatMap(({ system, code }) => knowledge.codes.get(`${DRUG_SYSTEMS[system] ?? ''}:${code}`) ?? []);
    if (ids.length > 0) return [{ entry, drugs: ingredientsOf(knowledge, ids) }];
    const known = byText.get(entry.text);
    const drugs = known ?? drugsNamed(knowledge, entry.text);
    byText.set(entry.text, drugs);
    return [{ entry, drugs }];
  });
}

/** Ingredients that a text names, without guesses at its spelling. */
export function drugsNamed(knowledge: Knowledge, text: string): Drug[] {
  const { drugs, corrected } = parseMedication(knowledge, text);
  return corrected ? [] : ingredientsOf(knowledge, drugs);
}

/** What makes two entries of a kind speak of the same thing: the first code, or else the words. */
export function subjectOf({ kind, codes, text }: Pick<RecordEntry, 'kind' | 'codes' | 'text'>): string {
  const [code] = codes;
  return code ? `${kind} ${code.system} ${code.code}` : `${kind} ${foldText(text)}`;
}

export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\((?:disorder|finding|situation|procedure|morphologic abnormality)\)/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Combinations are taken apart. */
function ingredientsOf(knowledge: Knowledge, ids: readonly string[]): Drug[] {
  const single = new Set(
    ids.flatMap((id) => {
      const parts = knowledge.drugs.get(id)?.parts ?? [];
      return parts.length > 0 ? [...parts] : [id];
    }),
  );
  return [...single].flatMap((id) => knowledge.drugs.get(id) ?? []);
}
