import { READING_LEVELS, type ReadingFilter, type ReadingOrder, type ReadingTargets } from '../../contract/reading-list.ts';
import { Tag } from '../../dicom/tags.ts';
import type { Condition } from '../studies/match-condition.ts';
import { searchForm } from '../studies/patient-name.ts';
import type { Filter, Search } from '../studies/search-filter.ts';
import { overduePlaces, placesOf } from './priority.ts';
import { OF_ALL, ownModalities, targetsOf } from './targets.ts';

type Asked = { filter: ReadingFilter; order: ReadingOrder; userId: string; targets: ReadingTargets; now: Date };

const ORDERS = { priority: 'reading', arrival: 'arrival', study_date: 'moment' } as const;
const PLACE = 'study.reading_place';
const DAY_MS = 86_400_000;

/** What a filter of the reading list looks for, as a search of studies. @param userId who `me` is */
export function searchOf({ filter, order, userId, targets, now }: Asked): Search {
  const filters: Filter[] = [
    ...ofStatus(filter.status ?? 'open'),
    ...(filter.level === undefined ? [] : [kept(PLACE, { kind: 'range', ...placesOf(filter.level) })]),
    ...(filter.overdue ? [overdue(targets, now)] : []),
    ...(filter.assignee === undefined ? [] : [ofReader(filter.assignee, userId)]),
    ...(filter.ai === undefined ? [] : [kept('study.analysis_status', equal(filter.ai))]),
    ...(filter.modality === undefined
      ? []
      : [
          { kind: 'attribute' as const, tag: Tag.ModalitiesInStudy, condition: equal(filter.modality) },
          // Says no more, but the index of the order has it.
          kept('study.modalities', { kind: 'wildcard', patterns: [`*${filter.modality}*`] }),
        ]),
    ...(filter.body_part === undefined ? [] : [{ kind: 'has' as const, what: 'body-part' as const, value: filter.body_part }]),
    ...(filter.label === undefined ? [] : [{ kind: 'has' as const, what: 'label' as const, value: filter.label }]),
    ...ofDays(filter),
    ...ofWords(filter.q ?? ''),
  ];
  return { level: 'study', scope: {}, filters, order: ORDERS[order] };
}

function ofStatus(status: NonNullable<ReadingFilter['status']>): Filter[] {
  if (status === 'all') return [];
  const places = kept(PLACE, { kind: 'range', ...placesOf(status === 'signed' ? 'signed' : 'open') });
  // The places of what is open tell nothing more than that.
  return status === 'open' || status === 'signed' ? [places] : [kept('study.reading_status', equal(status)), places];
}

/** By the level at which a study stands: waiting may have brought it there. */
function overdue(targets: ReadingTargets, now: Date): Filter {
  const own = ownModalities(targets);
  const past = (modality: string) => {
    const held = targetsOf(targets, modality);
    return kept(PLACE, { kind: 'any', of: READING_LEVELS.map((level) => ({ kind: 'range', ...overduePlaces(level, held, now) })) });
  };
  if (own.length === 0) return past(OF_ALL);
  return { kind: 'either', of: [OF_ALL, ...own].map((modality) => [kept('study.target_modality', equal(modality)), past(modality)]) };
}

function ofReader(assignee: string, userId: string): Filter {
  return kept('study.reader_id', assignee === 'nobody' ? { kind: 'empty' } : equal(assignee === 'me' ? userId : assignee));
}

function ofDays({ from, to }: ReadingFilter): Filter[] {
  if (from === undefined && to === undefined) return [];
  const until = to === undefined ? undefined : dicomDay(new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS).toISOString());
  const range = {
    kind: 'range' as const,
    from: from === undefined ? '0' : dicomDay(from),
    before: until,
  };
  return [{ kind: 'attribute', tag: Tag.StudyDate, condition: range }];
}

function ofWords(q: string): Filter[] {
  const words = searchForm(q).split(' ').filter(Boolean);
  return words.length > 0 ? [{ kind: 'text', words }] : [];
}

function kept(column: string, condition: Condition): Extract<Filter, { kind: 'kept' }> {
  return { kind: 'kept', column, condition };
}

function equal(value: string): Condition {
  return { kind: 'equal', values: [value] };
}

/** `2026-11-21…` as DICOM writes it. */
function dicomDay(day: string): string {
  return day.slice(0, 10).replaceAll('-', '');
}
