/** What a report's text can say about a chest study: the observations of CheXpert (Irvin 2019, arXiv 1901.07031) and emphysema. */
export const OBSERVATIONS = [
  'enlarged-cardiomediastinum',
  'cardiomegaly',
  'lung-opacity',
  'lung-nodule',
  'edema',
  'consolidation',
  'pneumonia',
  'atelectasis',
  'pneumothorax',
  'pleural-effusion',
  'pleural-thickening',
  'fracture',
  'support-device',
  'emphysema',
] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/** Phrases as regular expressions on lower-case text without diacritics; word borders are added by the labeler. */
export type Lexicon = {
  mentions: Readonly<Partial<Record<Observation, readonly string[]>>>;
  /** Sentences that say that observations are absent without naming them. */
  normal: readonly { phrase: string; absent: readonly Observation[] }[];
  /** Look like a negation and are none; read first. */
  neutral: readonly string[];
  /** Read before the negations, of which some contain a part. Hold for what follows and what stands before. */
  uncertain: readonly string[];
  /** Of an earlier time or of another person: what follows is not said of this study. */
  historical: readonly string[];
  /** Deny what follows, as far as the clause goes. */
  negatesAfter: readonly string[];
  /** Deny what stands before, as far as the clause goes. */
  negatesBefore: readonly string[];
  /** End the reach of a denial or a doubt. */
  clauseEnds: readonly string[];
};

/** What a sentence on the whole organ denies. */
export const LUNGS: readonly Observation[] = ['lung-opacity', 'consolidation', 'pneumonia', 'edema', 'atelectasis', 'lung-nodule'];
export const HEART: readonly Observation[] = ['cardiomegaly'];
export const MEDIASTINUM: readonly Observation[] = ['enlarged-cardiomediastinum'];
export const PLEURA: readonly Observation[] = ['pleural-effusion', 'pneumothorax', 'pleural-thickening'];
