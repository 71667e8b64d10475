import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { HistoryPattern, HistorySynthesis } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { Knowledge } from '../drug-safety/compile.ts';
import { findConflicts } from './conflicts.ts';
import { findChanges } from './lab-changes.ts';
import { readLabSeries, type Unused } from './lab-series.ts';
import { findTrends } from './lab-trends.ts';
import { ageInYears, momentOf } from './moment.ts';
import { findGaps, type TrackedFollowUp } from './monitoring.ts';
import { isPresent, readMedications, type TakenMedication } from './problems.ts';
import { findRecurrences } from './recurrence.ts';
import { regionsOf } from './regions.ts';
import { findRelevant, type HistoryReport, type HistoryStudy, type PresentStudy } from './relevance.ts';
import { buildTimeline } from './timeline.ts';

export type HistoryInput = {
  entries: readonly RecordEntry[];
  studies: readonly HistoryStudy[];
  /** Signed ones; of each study the newest version. */
  reports: readonly HistoryReport[];
  followUps?: readonly TrackedFollowUp[];
  /** As the record has it, `YYYYMMDD` or ISO 8601; null if it is not known. */
  birthDate: string | null;
  /** Names ingredients and the groups in which allergies cross. */
  knowledge: Knowledge;
  /** The study for which the relevance is told. */
  present?: PresentStudy;
  now: Date;
};

/** What is told first: what may harm, then what changed, then what is missing. */
const ORDER: readonly HistoryPattern['kind'][] = ['conflict', 'change', 'trend', 'gap', 'recurrent'];

/**
 * One history out of a record: the timeline, what several entries say only together, and what of it matters for the present study. Every
 * statement names its sources. Nothing is concluded from what is absent, and what could not be read is listed. Pure.
 */
export function synthesizeHistory(input: HistoryInput): HistorySynthesis {
  const { studies, reports, now, present, knowledge, birthDate } = input;
  // Nothing of the future is history; a planned study or an entry with a wrong date is still told as a conflict.
  const { series, unused } = readLabSeries(input.entries);
  const past = series.map((one) => ({ ...one, points: one.points.filter(({ moment }) => moment.from <= now.getTime()) }));
  const medications = readMedications(input.entries, knowledge);
  const ageYears = ageInYears(birthDate, now);
  const entries = input.entries;
  const patterns = [
    ...findConflicts({ entries, medications, series, birthDate, knowledge, now }),
    ...findChanges(past, { ageYears }),
    ...findTrends(past, { now, ageYears }),
    ...findGaps({ entries, medications, series: past, now }, input.followUps ?? []),
    ...findRecurrences(entries),
  ];
  return {
    as_of: now.toISOString(),
    timeline: buildTimeline({ entries, studies, reports }),
    patterns: patterns.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
    present: present ? presentOf(present) : null,
    relevant: present ? findRelevant({ entries, medications, series: past, studies, reports, now }, present) : [],
    not_used: [...unused, ...unread(entries, medications, now)],
    disclaimer: DISCLAIMER,
  };
}

function presentOf({ study, question }: PresentStudy): NonNullable<HistorySynthesis['present']> {
  return { study_instance_uid: study.study_instance_uid, regions: regionsOf(study), question };
}

/** What is in the timeline but can take no part in rules: drugs that the knowledge does not have, dates that are none. */
function unread(entries: readonly RecordEntry[], medications: readonly TakenMedication[], now: Date): Unused[] {
  const drugs = medications
    .filter(({ entry, drugs: known }) => known.length === 0 && isPresent(entry, now))
    .map(({ entry }) => ({ from: { kind: 'entry' as const, id: entry.id }, reason: 'No drug of the knowledge base was recognized' }));
  const dates = entries
    .filter(({ started_at }) => started_at !== null && momentOf(started_at) === undefined)
    .map(({ id }) => ({ from: { kind: 'entry' as const, id }, reason: 'The date is not readable' }));
  return [...drugs, ...dates];
}
