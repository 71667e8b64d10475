import { DEIDENTIFIED_LABEL } from '../../contract/permission.ts';
import type { RoutingConditions, RoutingExplanation } from '../../contract/routing.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { tagOf, vrOf } from '../../dicom/dictionary.ts';
import { Tag } from '../../dicom/tags.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import { matchesFilter } from '../studies/match-attribute.ts';
import { canMatch, conditionOf } from '../studies/match-condition.ts';
import type { Filter } from '../studies/search-filter.ts';
import type { StudyToRoute } from './repository.ts';

/** What rules look at. `json` of a series: DICOM JSON of patient, study and series. */
export type StudyFacts = {
  instanceCount: number;
  labels: readonly string[];
  /** Titles of applications by whose associations objects came. */
  senders: readonly string[];
  isDeidentified: boolean;
  series: { modality: string; bodyPart: string | null; sopClassUid: string; json: DicomJson }[];
};
type Reason = RoutingExplanation['reasons'][number];
/** The parts that a rule is judged by. */
export type RuleParts = Pick<RoutingExplanation, 'rule_id' | 'name' | 'occasion' | 'actions'> & { conditions: RoutingConditions };

export function factsOf({ study, series, labels, senders, sample }: StudyToRoute): StudyFacts {
  const shared = parseColumn<DicomJson>(study.attributes);
  const first = sample === undefined ? {} : parseColumn<DicomJson>(sample);
  return {
    instanceCount: study.instance_count,
    labels,
    senders,
    // The label comes last to a copy; its objects say it from the first.
    isDeidentified: labels.includes(DEIDENTIFIED_LABEL) || first[Tag.PatientIdentityRemoved]?.Value?.[0] === 'YES',
    series: series.map(({ modality, body_part, sop_class_uid, attributes }) => ({
      modality,
      bodyPart: body_part,
      sopClassUid: sop_class_uid,
      json: { ...shared, ...parseColumn<DicomJson>(attributes) },
    })),
  };
}

/** Whether a rule fires for a study, and each reason for and against. Pure. Reasons name what was asked and counts, never a patient's data. */
export function explainRule({ conditions, actions, ...rule }: RuleParts, facts: StudyFacts): RoutingExplanation {
  const reasons = [...studyReasons(conditions, facts), ...seriesReasons(conditions, facts)];
  const fires = reasons.every(({ is_met }) => is_met);
  return { ...rule, fires, reasons, actions: fires ? actions : [] };
}

/** @throws {AppError} `invalid-request` for an attribute that there is not, cannot be compared, or is given a value that is none */
export function requireMatchable({ attributes = [] }: RoutingConditions): void {
  for (const { attribute, matches } of attributes) filterOf(attribute, matches);
}

function studyReasons({ sender_ae_titles, labels, min_instances, max_instances }: RoutingConditions, facts: StudyFacts): Reason[] {
  const reasons: Reason[] = [];
  if (facts.isDeidentified)
    reasons.push({
      condition: 'deidentified',
      is_met: labels?.includes(DEIDENTIFIED_LABEL) ?? false,
      detail: `A de-identified copy is met only by rules that ask for the label ${DEIDENTIFIED_LABEL}`,
    });
  if (sender_ae_titles) {
    const came = facts.senders.length === 0 ? 'The study did not come by DIMSE' : `The study came from ${facts.senders.join(', ')}`;
    reasons.push({ condition: 'sender_ae_titles', is_met: sender_ae_titles.some((title) => facts.senders.includes(title)), detail: came });
  }
  if (labels) {
    const missing = labels.filter((label) => !facts.labels.includes(label));
    const detail = missing.length === 0 ? 'The study has each label' : `The study does not have: ${missing.join(', ')}`;
    reasons.push({ condition: 'labels', is_met: missing.length === 0, detail });
  }
  const detail = `The study has ${facts.instanceCount} instances`;
  if (min_instances !== undefined) reasons.push({ condition: 'min_instances', is_met: facts.instanceCount >= min_instances, detail });
  if (max_instances !== undefined) reasons.push({ condition: 'max_instances', is_met: facts.instanceCount <= max_instances, detail });
  return reasons;
}

type SeriesFacts = StudyFacts['series'][number];
type SeriesTest = { condition: string; asked: string; meets: (series: SeriesFacts) => boolean; has: () => string };

/** Each condition by itself, and whether one series meets them all. */
function seriesReasons(conditions: RoutingConditions, { series }: StudyFacts): Reason[] {
  const tests = seriesTests(conditions, series);
  const reasons = tests.map(({ condition, asked, meets, has }) => {
    const count = series.filter(meets).length;
    const detail = count > 0 ? `${count} of ${series.length} series fit` : `No series fits ${asked}${has()}`;
    return { condition, is_met: count > 0, detail };
  });
  if (tests.length < 2 || reasons.some(({ is_met }) => !is_met)) return reasons;
  const together = series.filter((one) => tests.every(({ meets }) => meets(one))).length;
  const detail = together > 0 ? `${together} series fit all of it` : 'Each condition fits some series, but no series fits them all';
  return [...reasons, { condition: 'same_series', is_met: together > 0, detail }];
}

function seriesTests(
  { modalities, body_parts, sop_class_uids, attributes = [] }: RoutingConditions,
  series: readonly SeriesFacts[],
): SeriesTest[] {
  const listed = (condition: string, wanted: readonly string[] | undefined, of: (one: SeriesFacts) => string | null): SeriesTest[] => {
    if (!wanted) return [];
    const has = (): string => `; the study has ${[...new Set(series.map((one) => of(one) || 'none'))].join(', ')}`;
    return [{ condition, asked: wanted.join(', '), meets: (one) => wanted.includes(of(one) ?? ''), has }];
  };
  return [
    ...listed('modalities', modalities, ({ modality }) => modality),
    ...listed('body_parts', body_parts, ({ bodyPart }) => bodyPart),
    ...listed('sop_class_uids', sop_class_uids, ({ sopClassUid }) => sopClassUid),
    ...attributes.map(({ attribute, matches }): SeriesTest => {
      const filter = filterOf(attribute, matches);
      return { condition: attribute, asked: matches, meets: ({ json }) => !filter || matchesFilter(json, filter), has: () => '' };
    }),
  ];
}

/** Undefined for what matches everything. */
function filterOf(attribute: string, matches: string): Filter | undefined {
  const tag = /^[0-9A-Fa-f]{8}$/.test(attribute) ? attribute.toUpperCase() : tagOf(attribute);
  if (tag === undefined) throw new AppError('invalid-request', `There is no attribute ${attribute}`);
  const vr = vrOf(tag);
  if (!canMatch(vr)) throw new AppError('invalid-request', `${attribute} cannot be compared`);
  const condition = conditionOf({ name: attribute, vr, values: vr === 'UI' ? matches.split(/[\\,]/) : [matches] }, { fuzzy: false });
  return condition && { kind: 'attribute', tag, condition };
}
