import { changeOf, daysBetweenDates, doublingTimeDays, sumOfDiameters } from '../../clinical/follow-up/change.ts';
import type { LesionChange, StudyChanges } from '../../contract/priors.ts';
import { findFinding, findingOf } from '../findings/queries.ts';
import { readStudyMeasurements } from '../measurements/read-measurements.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { findComparedStudy } from './queries.ts';

type CompareDeps = { db: Db; blobs: BlobStore };
type Pair = { present: string; prior: string };
type Quantity = LesionChange['quantity'];
type Figure = { tracking_uid: string | null; label: string; quantity: Quantity; value: number; unit: string };

/** Units whose zero is nothing, so that a percentage says something. */
const RATIO_UNITS: ReadonlySet<string> = new Set(['mm', 'mm2', 'mm3', '{pixels}', '{square_pixels}', 'deg', '{SUVbw}g/ml', '1']);

/**
 * What was measured in both studies under the same tracking UID, number by number.
 *
 * @throws {AppError} `study-not-found`, `invalid-request` if the prior is none of this patient
 */
export async function compareStudies(deps: CompareDeps, pair: Pair): Promise<StudyChanges> {
  const days = await daysOf(deps.db, pair);
  const [present, prior] = await Promise.all([figuresOf(deps, pair.present), figuresOf(deps, pair.prior)]);
  const former = new Map(prior.map((figure) => [keyOf(figure), figure]));
  const items = present.flatMap((figure) => {
    const before = former.get(keyOf(figure));
    return before ? [lesionChange(before, figure, days)] : [];
  });
  const lengths = items.filter(({ quantity, unit }) => quantity === 'length' && unit === 'mm');
  return { days, items, sum_of_diameters: sumOfDiameters(lengths) };
}

/**
 * How the size of a finding changed, from what its evidence states as diameter and volume.
 *
 * @throws {AppError} `finding-not-found`, `invalid-request` if the prior is none of this patient
 */
export async function compareFindings({ db }: CompareDeps, pair: Pair): Promise<StudyChanges> {
  const rows = await Promise.all([findFinding(db, pair.present), findFinding(db, pair.prior)]);
  const [present, prior] = rows.map((row) => row && findingOf(row));
  if (!present) throw new AppError('finding-not-found', `No finding ${pair.present}`);
  if (!prior) throw wrongPrior('prior_finding', `No finding ${pair.prior}`);
  const days = await daysOf(db, { present: present.study_instance_uid, prior: prior.study_instance_uid });
  const items = SIZES.flatMap(({ name, quantity, unit }) => {
    const [before, after] = [prior.evidence[name], present.evidence[name]];
    if (typeof before !== 'number' || typeof after !== 'number') return [];
    const figure = { tracking_uid: null, label: present.title, quantity, unit };
    return [lesionChange({ ...figure, value: before }, { ...figure, value: after }, days)];
  });
  return { days, items, sum_of_diameters: null };
}

/** What findings say of their size, in their evidence. */
const SIZES = [
  { name: 'diameter_mm', quantity: 'diameter', unit: 'mm' },
  { name: 'volume_mm3', quantity: 'volume', unit: 'mm3' },
] as const;

async function daysOf(db: Db, { present, prior }: Pair): Promise<number | null> {
  const [study, former] = [await findComparedStudy(db, present), await findComparedStudy(db, prior)];
  if (!study) throw new AppError('study-not-found', `No study ${present}`);
  if (former?.patient_key !== study.patient_key) throw wrongPrior('prior_study', 'The prior is no study of this patient');
  return daysBetweenDates(former.study_date, study.study_date);
}

function wrongPrior(field: 'prior_study' | 'prior_finding', detail: string): AppError {
  return new AppError('invalid-request', detail, { fields: [{ field: `query/${field}`, message: 'is nothing of this patient' }] });
}

/** Every number of a study that is tracked, of this program's reports first. */
async function figuresOf(deps: CompareDeps, studyInstanceUid: string): Promise<Figure[]> {
  const { items, others } = await readStudyMeasurements(deps, studyInstanceUid);
  const figures = [...items, ...others].flatMap(({ tracking_uid, label, values }): Figure[] =>
    values.flatMap(({ quantity, value, unit }) =>
      tracking_uid === null || quantity === null ? [] : [{ tracking_uid, label: label ?? '', quantity, value, unit }],
    ),
  );
  const seen = new Set<string>();
  // Of the same lesion measured twice, the first stands.
  return figures.filter((figure) => !seen.has(keyOf(figure)) && seen.add(keyOf(figure)));
}

function keyOf({ tracking_uid, quantity, unit }: Figure): string {
  return `${tracking_uid} ${quantity} ${unit}`;
}

function lesionChange(prior: Figure, present: Figure, days: number | null): LesionChange {
  const { tracking_uid, label, quantity, unit } = present;
  const values = { prior: prior.value, present: present.value };
  const measure = quantity === 'volume' ? 'volume' : quantity === 'length' || quantity === 'diameter' ? 'diameter' : undefined;
  return {
    tracking_uid,
    label,
    quantity,
    unit,
    ...values,
    change: changeOf(prior.value, present.value, { isRatioScale: RATIO_UNITS.has(unit) }),
    doubling_time_days: measure ? doublingTimeDays(values, { days, measure }) : null,
  };
}
