import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import { type Concept, child, conceptOf, dateAt, type Element, fault } from './fhir-reader.ts';

/** What a resource says, without what the record gives it. */
export type Fact = Omit<RecordEntry, 'id' | 'source' | 'source_id' | 'recorded_at'>;
/** The facts of a resource; none of one that was entered in error. */
export type Facts = Fact[];
export type Status = RecordEntry['status'];
type Details = Record<string, string | undefined>;

const NOTHING = { started_at: null, ended_at: null, value: null, unit: null, value_text: null };

type Rest = Partial<Omit<Fact, 'details'>> & { status: Status; details: Details };

/** A fact with what of it is known. */
export function factOf(kind: RecordKind, { codes, text }: Concept, { details, ...rest }: Rest): Fact {
  const known = Object.entries(details).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...NOTHING, kind, codes, text, ...rest, details: Object.fromEntries(known) };
}

/** A concept that has to be there. */
export function requiredConcept(of: Element, name: string): Concept {
  const concept = child(of, name);
  if (concept) return conceptOf(concept);
  if (of.value[name] === undefined) fault(of, `${of.path}.${name}`, 'is missing');
  return { codes: [], text: '' };
}

/** `onsetDateTime`, or the start of `onsetPeriod`. */
export function dateOrStart(of: Element, name: string): string | null {
  const period = child(of, `${name}Period`);
  return dateAt(of, `${name}DateTime`) ?? (period && dateAt(period, 'start')) ?? null;
}

/** The end of a period. */
export function endOf(of: Element, name: string): string | null {
  const period = child(of, name);
  return (period && dateAt(period, 'end')) ?? null;
}
