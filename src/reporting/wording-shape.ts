import type { Report, ReportSections } from '../contract/reports.ts';
import type { EmphysemaEvidence, NoduleEvidence, PneumoniaEvidence } from './evidence.ts';

/** What one finding says: a full sentence for the findings, a short one for the impression. */
export type FindingWords = { finding: string; impression: string };

/** Everything a report says in one language. Numbers arrive as numbers; each language formats them. */
export type Wording = {
  direction: 'ltr' | 'rtl';
  section: Record<keyof ReportSections, string>;
  status: Record<Report['status'], string>;
  disclaimer: string;
  /** Keeps foreign text (names, units, digits) from disturbing the reading order around it. */
  embed: (text: string) => string;
  /** `19700131` or `1970-01-31…` to a date in words; anything else as given. */
  date: (value: string) => string;
  /** A list in running text: `a, b`. */
  list: (items: readonly string[]) => string;
  pneumonia: (evidence: PneumoniaEvidence) => FindingWords;
  nodule: (evidence: NoduleEvidence) => FindingWords;
  /** The impression of several nodules at once, the largest given. */
  nodules: (count: number, largest: NoduleEvidence) => string;
  emphysema: (evidence: EmphysemaEvidence) => FindingWords;
  /** A finding in the reader's own words under the reader's own title. */
  titled: (title: string, text: string) => string;
  measurement: (title: string, value: number, unit: string) => string;
  measurementTitle: Readonly<Record<string, string>>;
  modality: Readonly<Record<string, string>>;
  bodyPart: Readonly<Record<string, string>>;
  draft: DraftWording;
  result: ResultWording;
  paper: PaperWording;
};

/** Sentences of the draft's standard parts. */
export type DraftWording = {
  notGiven: string;
  noPrior: string;
  prior: (date: string | null, modalities: string, description: string | null) => string;
  study: (modalities: string, bodyParts: string | null, description: string | null) => string;
  size: (series: number, instances: number) => string;
  equipment: (names: string) => string;
  synthetic: string;
  softwareRan: (models: string) => string;
  softwareNotEvaluable: (model: string, reason: string, runs: number) => string;
  softwareFailed: (model: string, reason: string, runs: number) => string;
  softwarePending: (model: string) => string;
  noSoftware: string;
  noneAccepted: string;
  measuredBy: (model: string) => string;
  impressionOpen: string;
  seeFindings: string;
  recommendationOpen: string;
  doesNotFit: (count: number) => string;
};

/** The sentence on what a model's run came to. */
export type ResultWording = {
  notEvaluable: (reason: string) => string;
  failed: (reason: string) => string;
  pending: string;
  evaluated: string;
  noReason: string;
  score: (title: string, probability: number) => string;
};

type PaperLabel =
  | 'patient'
  | 'name'
  | 'patientId'
  | 'birthDate'
  | 'sex'
  | 'age'
  | 'study'
  | 'studyDate'
  | 'accession'
  | 'description'
  | 'modality'
  | 'studyUid'
  | 'reportStatus'
  | 'version'
  | 'report'
  | 'created'
  | 'keyImages'
  | 'aiHeading'
  | 'aiNone'
  | 'model'
  | 'modelVersion'
  | 'result'
  | 'digest'
  | 'disclaimerHeading'
  | 'signature'
  | 'signedBy'
  | 'signedAt'
  | 'meaning'
  | 'contentHash'
  | 'notSigned'
  | 'draftBand'
  | 'syntheticBand'
  | 'addendum'
  | 'amendment'
  | 'amends'
  | 'reason'
  | 'image'
  | 'empty'
  | 'unprintable';
/** Labels that stand on the paper around the text. */
export type PaperWording = Record<PaperLabel, string> & {
  sexName: Readonly<Record<string, string>>;
  page: readonly [before: string, between: string, after: string];
};
