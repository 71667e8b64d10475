import { daysBetweenDates } from '../../clinical/follow-up/change.ts';
import { regionsOf } from '../../clinical/history/regions.ts';
import type { Prior, PriorReason } from '../../contract/priors.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { findComparedStudy, listEarlierStudies, type PriorRow } from './queries.ts';

/** What describes pictures, or is made of them, rather than being one (PS3.3 C.7.3.1.1.1). */
const NO_PICTURES: ReadonlySet<string> = new Set([
  'SR',
  'PR',
  'KO',
  'SEG',
  'REG',
  'RWV',
  'DOC',
  'PLAN',
  'RTSTRUCT',
  'RTPLAN',
  'RTDOSE',
  'AU',
]);
/** Modalities whose pictures are read side by side. */
const LIKE: readonly ReadonlySet<string>[] = [
  new Set(['CR', 'DX', 'RG', 'RF']),
  new Set(['CT', 'PT']),
  new Set(['MR', 'PT']),
  new Set(['MG', 'DX']),
];
/** How much a reason counts: the part of the body before everything else. */
const WEIGHT: Readonly<Record<PriorReason, number>> = { same_region: 8, same_modality: 4, like_modality: 2, same_description: 1 };

type Compared = Pick<PriorRow, 'description' | 'series'>;

/** Earlier studies with pictures: the most like first, of equals the latest. @throws {AppError} `study-not-found` */
export async function rankPriors(db: Db, studyInstanceUid: string): Promise<Prior[]> {
  const study = await findComparedStudy(db, studyInstanceUid);
  if (!study) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  const priors = (await listEarlierStudies(db, study))
    .filter((row) => modalitiesOf(row).length > 0)
    .map((row): Prior & { weight: number } => {
      const reasons = reasonsOf(study, row);
      return {
        study_instance_uid: row.study_instance_uid,
        study_date: row.study_date,
        description: row.description,
        modalities: modalitiesOf(row),
        body_parts: bodyPartsOf(row),
        days: daysBetweenDates(row.study_date, study.study_date),
        reasons,
        is_reported: row.is_reported,
        weight: reasons.reduce((sum, reason) => sum + WEIGHT[reason], 0),
      };
    });
  // The sort is stable, and they came with the latest first.
  return priors.sort((a, b) => b.weight - a.weight).map(({ weight: _, ...prior }) => prior);
}

function reasonsOf(study: Compared, prior: Compared): PriorReason[] {
  const [present, former] = [modalitiesOf(study), modalitiesOf(prior)];
  const regions = new Set(placesOf(study));
  const isSame = former.some((modality) => present.includes(modality));
  const isLike = !isSame && LIKE.some((group) => present.some((one) => group.has(one)) && former.some((one) => group.has(one)));
  const words = wordsOf(study);
  return [
    ...(placesOf(prior).some((region) => regions.has(region)) ? (['same_region'] as const) : []),
    ...(isSame ? (['same_modality'] as const) : []),
    ...(isLike ? (['like_modality'] as const) : []),
    ...(words !== '' && words === wordsOf(prior) ? (['same_description'] as const) : []),
  ];
}

/** Regions of the body, and body parts that no region has a name for. */
function placesOf(study: Compared): string[] {
  const body_parts = bodyPartsOf(study);
  const description = [study.description, ...study.series.map((series) => series.description)].filter(Boolean).join(' ');
  const regions = regionsOf({ body_parts, description, modalities: modalitiesOf(study) });
  return regions.length > 0 ? regions : body_parts;
}

function modalitiesOf({ series }: Compared): string[] {
  return [...new Set(series.map(({ modality }) => modality))].filter((modality) => !NO_PICTURES.has(modality)).sort();
}

function bodyPartsOf({ series }: Compared): string[] {
  return [...new Set(series.flatMap(({ body_part, modality }) => (body_part && !NO_PICTURES.has(modality) ? [body_part] : [])))].sort();
}

function wordsOf({ description }: Compared): string {
  return (description ?? '')
    .toLowerCase()
    .replaceAll(/[\s_\-^]+/g, ' ')
    .trim();
}
