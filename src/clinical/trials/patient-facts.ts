import type { RecordEntry } from '../../contract/patient-record.ts';
import type { PatientDatum } from '../../contract/trials.ts';
import { foldText } from '../literature/fold-text.ts';

/** What is known of a patient when a criterion is judged. */
export type PatientFacts = {
  /** In years, on the day of the question. */
  age: number | null;
  sex: 'female' | 'male' | null;
  /** Entries of the record with the names by which criteria may call them. */
  named: readonly NamedEntry[];
  record: readonly RecordEntry[];
  now: Date;
};
/** Folded names: of the entry itself and of the thesaurus. */
export type NamedEntry = { entry: RecordEntry; names: readonly string[] };

/**
 * The facts of a patient.
 *
 * @param birthDate `YYYYMMDD` or ISO 8601; only a whole date gives an age
 * @param sex as DICOM has it (PS3.3 C.7.1.1: M, F, O)
 * @param synonymsOf other names of a thing, by its folded name
 */
export function factsOf(
  { birthDate, sex, record }: { birthDate: string | null; sex: string | null; record: readonly RecordEntry[] },
  synonymsOf: ReadonlyMap<string, readonly string[]>,
  now: Date,
): PatientFacts {
  const named = record
    .filter(({ kind }) => kind === 'condition' || kind === 'medication' || kind === 'allergy')
    .map((entry) => {
      const own = namesOf(entry);
      return { entry, names: [...new Set(own.flatMap((name) => [name, ...(synonymsOf.get(name) ?? [])]))] };
    });
  return { age: ageOn(birthDate, now), sex: sex === 'F' ? 'female' : sex === 'M' ? 'male' : null, named, record, now };
}

/** What an entry is called, folded, without what stands in brackets: `Chronic sinusitis (disorder)`. */
export function namesOf({ codes, text }: RecordEntry): string[] {
  const said = [text, ...codes.flatMap(({ display }) => display ?? [])];
  return [...new Set(said.map((name) => foldText(name.replaceAll(/\([^()]*\)/g, ' '))).filter((name) => name.length > 2))];
}

/** An entry as evidence. */
export function datumOf({ id, text, codes, started_at, value, unit, value_text }: RecordEntry): PatientDatum {
  const name = text || (codes[0]?.display ?? codes[0]?.code ?? '');
  const measured = value !== null ? `: ${value} ${unit ?? ''}`.trimEnd() : value_text ? `: ${value_text}` : '';
  return { record_entry_id: id, text: `${name}${measured}`, date: started_at };
}

function ageOn(birthDate: string | null, now: Date): number | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(birthDate ?? '') ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const hadBirthday = now.toISOString().slice(5, 10) >= `${month}-${day}`;
  const age = now.getUTCFullYear() - Number(year) - (hadBirthday ? 0 : 1);
  return age >= 0 && age < 130 ? age : null;
}
