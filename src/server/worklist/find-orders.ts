import type { DataSet, PersonName, Value } from '../../dicom/data-set.ts';
import { itemsOf } from '../../dicom/data-set.ts';
import { toDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import type { Db } from '../platform/ports.ts';
import { matchesFilter } from '../studies/match-attribute.ts';
import { canMatch, conditionOf, type RangeCondition, rangeForm } from '../studies/match-condition.ts';
import { writtenName } from '../studies/patient-name.ts';
import type { Filter } from '../studies/search-filter.ts';
import { orderOf } from './manage-orders.ts';
import { attributesOf } from './order-attributes.ts';
import { listOrders, type OrderRow, type OrderSearch } from './order-repository.ts';

/** What is still to be done, or being done: the rest is off the worklist. */
const OPEN: readonly OrderRow['status'][] = ['scheduled', 'started'];
/** Orders read at a time. */
const BATCH = 200;
/** Keys about the answer, not about what is scheduled. */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([Tag.SpecificCharacterSet, Tag.TimezoneOffsetFromUTC]);

/**
 * The scheduled steps that a modality asks for, each with the keys that it asked for (PS3.4 K.4.1, K.6.1.2.2). Every key that an order knows
 * is matched; one for a sequence matches if an item meets all of its keys; ranges of start date and time are one range of moments.
 *
 * @throws {AppError} `invalid-request` for a key that is none of its VR
 */
export async function* findOrders(db: Db, keys: DataSet): AsyncGenerator<DataSet> {
  const asked = Object.fromEntries(Object.entries(keys).filter(([tag]) => !ABOUT_THE_ANSWER.has(tag)));
  const filters = filtersOf(asked);
  const search = narrowed(asked);
  let after: OrderRow | undefined;
  for (;;) {
    const rows = await listOrders(db, { ...search, statuses: OPEN, after, limit: BATCH });
    for (const row of rows) {
      const held = attributesOf(orderOf(row));
      const json = toDicomJson(held);
      if (filters.every((filter) => matchesFilter(json, filter))) yield returned(asked, held);
    }
    after = rows.at(-1);
    if (!after || rows.length < BATCH) return;
  }
}

function filtersOf(keys: DataSet): Filter[] {
  const moment = momentOf(keys);
  return Object.entries(keys).flatMap(([tag, { vr }]): Filter[] => {
    if (moment && (tag === moment.date || tag === moment.time)) return tag === moment.date ? [moment] : [];
    if (vr === 'SQ') {
      const [item] = itemsOf(keys, tag);
      const inner = item ? filtersOf(item) : [];
      return inner.length > 0 ? [{ kind: 'item', tag, filters: inner }] : [];
    }
    const condition = canMatch(vr) ? conditionOf({ name: tag, vr, values: valuesOf(keys, tag) }, { fuzzy: false }) : undefined;
    return condition ? [{ kind: 'attribute', tag, condition }] : [];
  });
}

/** Start date and time, where both are ranges: `20260705-20260707` and `1000-1800` are from the one moment to the other. */
function momentOf(keys: DataSet): Extract<Filter, { kind: 'moment' }> | undefined {
  const [date, time] = [Tag.ScheduledProcedureStepStartDate, Tag.ScheduledProcedureStepStartTime];
  const [days, clock] = [rangeOf(keys, date, 'DA'), rangeOf(keys, time, 'TM')];
  if (!days || !clock) return undefined;
  const from = days.from === '' ? {} : { from: { date: days.from, time: clock.from } };
  // The last day itself is written before the mark that sorts after it.
  const { before } = days;
  const until = before === undefined || clock.before === undefined ? {} : { until: { date: before.slice(0, 8), beforeTime: clock.before } };
  return { kind: 'moment', date, time, range: { ...from, ...until } };
}

function rangeOf(keys: DataSet, tag: string, vr: 'DA' | 'TM'): RangeCondition | undefined {
  const values = valuesOf(keys, tag);
  if (values.length !== 1 || rangeForm(values[0] ?? '') === undefined) return undefined;
  const condition = conditionOf({ name: tag, vr, values }, { fuzzy: false });
  return condition?.kind === 'range' ? condition : undefined;
}

/** What the database can leave out by itself: the days, and a single modality or patient. */
function narrowed(keys: DataSet): Omit<OrderSearch, 'limit'> {
  const [step = {}] = itemsOf(keys, Tag.ScheduledProcedureStepSequence);
  const days = valuesOf(step, Tag.ScheduledProcedureStepStartDate);
  const condition = days.length === 1 ? conditionOf({ name: 'StartDate', vr: 'DA', values: days }, { fuzzy: false }) : undefined;
  const range = condition?.kind === 'range' ? condition : undefined;
  const exact = (dataSet: DataSet, tag: string): string | undefined => {
    const [value, ...more] = valuesOf(dataSet, tag);
    return value !== undefined && more.length === 0 && !/[*?"]/.test(value) ? value.trim() || undefined : undefined;
  };
  const [modality, patientId] = [exact(step, Tag.Modality), exact(keys, Tag.PatientID)];
  return {
    ...(range && range.from !== '' ? { from: range.from } : {}),
    ...(range?.before !== undefined ? { until: range.before.slice(0, 8) } : {}),
    ...(modality ? { modality } : {}),
    ...(patientId ? { patientId } : {}),
  };
}

/** The keys that were asked for, empty where nothing is known; of a sequence those of its item, or all without one. */
function returned(keys: DataSet, held: DataSet): DataSet {
  return Object.fromEntries(
    Object.entries(keys).map(([tag, { vr }]) => {
      const [item] = itemsOf(keys, tag);
      if (vr !== 'SQ' || !item || Object.keys(item).length === 0) return [tag, held[tag] ?? { vr }];
      const items = itemsOf(held, tag).map((one) => returned(item, one));
      return [tag, items.length > 0 ? { vr, Value: items } : { vr }];
    }),
  );
}

function valuesOf(keys: DataSet, tag: string): string[] {
  return (keys[tag]?.Value ?? []).flatMap((value) => (value === null ? [] : [writtenValue(value)]));
}

function writtenValue(value: Exclude<Value, null>): string {
  // Outside of sequences, objects are person names.
  return typeof value === 'object' ? writtenName(value as PersonName) : String(value);
}
