import type { Level } from './attribute-levels.ts';
import type { Condition } from './match-condition.ts';

/** What one key asks for, or several together. */
export type Filter =
  /** A value of the attribute. */
  | { kind: 'attribute'; tag: string; condition: Condition }
  /** An item of the sequence that meets all filters (PS3.4 C.2.2.2.6). */
  | { kind: 'item'; tag: string; filters: readonly Filter[] }
  /** A date and a time, matched as one moment (PS3.4 C.2.2.2.5, combined date-time matching). */
  | { kind: 'moment'; date: string; time: string; range: MomentRange }
  /** What the search box says: each word within the patient's name or ID, the accession number or the study's description. */
  | { kind: 'text'; words: readonly string[] }
  /** What is kept of a study besides its objects: a column of `study`, with its table. */
  | { kind: 'kept'; column: string; condition: Condition }
  /** A label of the study, or a body part of one of its series, as it is written. */
  | { kind: 'has'; what: 'label' | 'body-part'; value: string }
  /** Everything of one of these holds; of columns of `study` alone. */
  | { kind: 'either'; of: readonly (readonly Extract<Filter, { kind: 'kept' }>[])[] };

/** `until` is the last day, and what sorts after every time of day that belongs to it. */
export type MomentRange = { from?: { date: string; time: string }; until?: { date: string; beforeTime: string } };

/** Study and series that the search stays within. */
export type Scope = { study?: string; series?: string };

/** How studies are ordered, the newest first: by when they were made, or by when they arrived; or by their places in the reading list. */
export type StudyOrder = 'moment' | 'arrival' | 'reading';

/** What is searched: results at `level` that meet all filters. */
export type Search = { level: Level; scope: Scope; filters: readonly Filter[]; order: StudyOrder };

/** Tags of the attributes that a filter looks at. */
export function tagsOf(filter: Filter): string[] {
  if (filter.kind === 'text' || filter.kind === 'kept' || filter.kind === 'has' || filter.kind === 'either') return [];
  return filter.kind === 'moment' ? [filter.date, filter.time] : [filter.tag];
}
