import type { FollowUpModality, Recommendation } from '../../contract/clinical.ts';
import { type Region, regionsOf, type StudyPlace } from '../history/regions.ts';

/** DICOM modalities (0008,0060) by which an act can be done; what has none (a biopsy, a visit) leaves no study to find. */
const MODALITIES: Readonly<Record<FollowUpModality, readonly string[]>> = {
  ct: ['CT'],
  'low-dose-ct': ['CT'],
  'ct-or-mri': ['CT', 'MR'],
  'pet-ct': ['PT'],
  ultrasound: ['US'],
  'breast-imaging': ['MG', 'US', 'MR'],
  'tissue-sampling': [],
  'clinical-evaluation': [],
  'multidisciplinary-discussion': [],
  'comparison-with-prior': [],
};

export type DatedStudy = StudyPlace & { study_date: string | null };

/**
 * Whether a later study may be what was asked for: of one of the modalities, later than the first study, and of a region of it, or of a
 * study whose region is not told. A proposal for a person, who decides.
 */
export function mayFulfill(options: readonly Recommendation[], origin: DatedStudy, later: DatedStudy): boolean {
  if (origin.study_date === null || later.study_date === null || later.study_date <= origin.study_date) return false;
  const acts = options.flatMap(({ steps }) => steps.flatMap(({ modality, alternatives }) => [modality, ...alternatives]));
  const wanted = new Set(acts.flatMap((act) => MODALITIES[act]));
  if (!later.modalities.some((modality) => wanted.has(modality))) return false;
  const [before, after]: [Region[], Region[]] = [regionsOf(origin), regionsOf(later)];
  return before.length === 0 || after.length === 0 || after.some((region) => before.includes(region));
}
