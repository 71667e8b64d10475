import type { ReportSections } from '../contract/reports.ts';

/** What each shipped template is for: Modality and Body Part Examined as DICOM writes them. */
export const STARTER_KINDS = {
  'chest-radiograph': { modality: 'DX', body_part: 'CHEST' },
  'chest-ct': { modality: 'CT', body_part: 'CHEST' },
  'head-ct': { modality: 'CT', body_part: 'HEAD' },
  'abdomen-ultrasound': { modality: 'US', body_part: 'ABDOMEN' },
  'knee-mr': { modality: 'MR', body_part: 'KNEE' },
  'bone-radiograph': { modality: 'DX', body_part: null },
} as const;
export type StarterKind = keyof typeof STARTER_KINDS;

/** The words of one language; sections that are not told stay as the draft has them. */
export type StarterWords = Readonly<Record<StarterKind, { name: string; sections: Partial<ReportSections> }>>;
