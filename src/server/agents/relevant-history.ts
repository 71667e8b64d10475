import type { HistoryReport, RecordFact } from '../../contract/agents.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';

const DAY_MS = 86_400_000;
/** A measurement of more than a year ago says little of today. */
const LAB_DAYS = 365;
const LABS = 40;

/**
 * What of the structured record bears on a diagnosis, by rules that each fact names. Pure.
 *
 * Active means that the record says so: a medication or condition whose status is unknown is left out, never guessed.
 */
export function relevantHistory(entries: readonly RecordEntry[], now: Date): Omit<HistoryReport, 'priors' | 'patterns' | 'relevant'> {
  const active = (kind: RecordEntry['kind']): RecordEntry[] => entries.filter((entry) => entry.kind === kind && isActive(entry, now));
  return {
    conditions: active('condition').map((entry) => factOf(entry, 'active-condition')),
    medications: active('medication').map((entry) => factOf(entry, 'active-medication')),
    allergies: entries
      .filter(({ kind, status }) => kind === 'allergy' && (status === 'active' || status === 'unknown'))
      .map((entry) => factOf(entry, entry.status === 'active' ? 'active-allergy' : 'allergy-of-unknown-status')),
    labs: latestOfEach(entries.filter((entry) => entry.kind === 'observation' && isRecent(entry, now)))
      .slice(0, LABS)
      .map((entry) => factOf(entry, 'latest-of-the-year')),
  };
}

/** An entry that is in force now. */
export function isActive({ status, ended_at }: RecordEntry, now: Date): boolean {
  return status === 'active' && (ended_at === null || ended_at > now.toISOString());
}

function isRecent({ started_at, status, value, value_text }: RecordEntry, now: Date): boolean {
  if (started_at === null || status === 'refuted' || (value === null && value_text === null)) return false;
  const age = now.getTime() - Date.parse(started_at);
  return age >= -DAY_MS && age <= LAB_DAYS * DAY_MS;
}

/** Of each code (or text, without one) the latest, the latest first. */
function latestOfEach(entries: readonly RecordEntry[]): RecordEntry[] {
  const sorted = entries.toSorted((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? 1 : -1));
  const groups = Map.groupBy(sorted, ({ codes: [code], text }) => (code ? `${code.system}|${code.code}` : text));
  return [...groups.values()].flatMap(([latest]) => latest ?? []);
}

function factOf({ id, text, started_at, value, unit }: RecordEntry, rule: string): RecordFact {
  return { record_entry_id: id, text, at: started_at, value, unit, rule };
}
