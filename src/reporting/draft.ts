import type { Analysis } from '../contract/analysis.ts';
import type { Finding } from '../contract/findings.ts';
import type { Locale, ReportSections, Statement } from '../contract/reports.ts';
import type { StudySummary } from '../contract/studies.ts';
import { readNodule } from './evidence.ts';
import { locateStatements, stateOf } from './statements.ts';
import { describeFinding, describeMeasurement, wordingOf } from './wording.ts';
import type { FindingWords, Wording } from './wording-shape.ts';

/** What the contract allows a section to hold, in UTF-16 code units. */
const SECTION_CHARACTERS = 20_000;

/** Kept free for the measurements and for the line that says what did not fit. */
const RESERVED_CHARACTERS = 4_000;

export type DraftStudy = Pick<StudySummary, 'modalities' | 'series_count' | 'instance_count' | 'description' | 'is_synthetic'> & {
  /** Body Part Examined (0018,0015) of the series. */
  body_parts?: readonly string[];
  /** Manufacturer and model of the equipment, one entry each. */
  equipment?: readonly string[];
  /** Reason for the study, history: as the order or the images give it. */
  clinical_information?: string | null;
};
export type PriorStudy = Pick<StudySummary, 'study_date' | 'description' | 'modalities'>;

export type DraftInput = {
  study: DraftStudy;
  findings: readonly Finding[];
  /** Runs on the study, newest first; of repeated runs on one input only the newest counts. */
  analyses: readonly Analysis[];
  /** Prior studies that the reader compared with. */
  comparison?: readonly PriorStudy[];
  locale: Locale;
};
/** @property statements pieces of findings and impression that rest on findings or measurements */
export type Draft = { sections: ReportSections; findingIds: string[]; statements: Statement[] };

/**
 * The standard sections (PS3.20 7.1) from what the reader accepted. Rejected and undecided findings leave no trace in them. States
 * no normality and no recommendation of its own: where nothing was accepted, the assessment is left to the reader.
 *
 * Pure; equal input gives equal text whatever the order of the findings.
 */
export function draftSections(input: DraftInput): Draft {
  const wording = wordingOf(input.locale);
  const analyses = newestRuns(input.analyses);
  const accepted = input.findings.filter(({ status }) => status === 'accepted' || status === 'edited').sort(bySeverityThenLocation);
  const told = fitting(accepted.map((finding) => ({ finding, words: describeFinding(finding, input.locale) })));
  const left = accepted.length - told.length;
  const measured = measurements(analyses, input, wording);
  const findings = findingsText(told, left, measured, wording);
  const concluded = impressionItems(told, wording);
  const impression = impressionText(concluded, left, wording);

  return {
    sections: {
      clinical_information: capped(input.study.clinical_information?.trim() || wording.draft.notGiven),
      technique: capped(technique(input.study, analyses, wording)),
      comparison: capped(comparison(input.comparison ?? [], wording)),
      findings,
      impression,
      recommendation: wording.draft.recommendationOpen,
    },
    findingIds: told.map(({ finding }) => finding.id),
    statements: [
      ...locateStatements('findings', findings, [
        ...told.map(({ finding, words }) => ({ text: words.finding, finding_id: finding.id, state: stateOf(finding) })),
        // One piece: they are read together.
        { text: measured.join('\n'), finding_id: null, state: 'unreviewed' },
      ]),
      ...locateStatements(
        'impression',
        impression,
        concluded.map(({ text, finding }) => ({ text, finding_id: finding.id, state: stateOf(finding) })),
      ),
    ],
  };
}

type Told = { finding: Finding; words: FindingWords };

function technique(study: DraftStudy, analyses: readonly Analysis[], wording: Wording): string {
  const modalities = study.modalities.map((code) => wording.modality[code] ?? wording.embed(code));
  const bodyParts = [...new Set(study.body_parts ?? [])].map(
    (code) => wording.bodyPart[code.toUpperCase()] ?? wording.embed(code.toLowerCase()),
  );
  const description = study.description?.trim() ? wording.embed(study.description.trim()) : null;
  const equipment = [...new Set(study.equipment ?? [])].map((name) => wording.embed(name));
  const { draft } = wording;
  return [
    draft.study(wording.list(modalities), bodyParts.length === 0 ? null : wording.list(bodyParts), description),
    draft.size(study.series_count, study.instance_count),
    equipment.length === 0 ? '' : draft.equipment(wording.list(equipment)),
    study.is_synthetic ? draft.synthetic : '',
    ...software(analyses, wording),
  ]
    .filter(Boolean)
    .join('\n');
}

/** Which models ran, and which did not and why: one line for each model and reason. */
function software(analyses: readonly Analysis[], wording: Wording): string[] {
  if (analyses.length === 0) return [wording.draft.noSoftware];
  const named = analyses.map((analysis) => ({ ...analysis, name: modelName(analysis, wording) }));
  const ran = new Set(named.filter(({ status }) => status === 'succeeded').map(({ name }) => name));
  const groups = Map.groupBy(
    named.filter(({ status }) => status !== 'succeeded'),
    ({ name, status, reason }) => JSON.stringify([name, status, reason]),
  );
  const rest = [...groups.values()].map((runs) => {
    const [{ name, status, reason } = { name: '', status: 'queued', reason: null }] = runs;
    const why = reason?.trim() ? wording.embed(reason.trim().replace(/\.$/, '')) : wording.result.noReason;
    if (status === 'abstained') return wording.draft.softwareNotEvaluable(name, why, runs.length);
    if (status === 'failed') return wording.draft.softwareFailed(name, why, runs.length);
    return wording.draft.softwarePending(name);
  });
  return [...(ran.size === 0 ? [] : [wording.draft.softwareRan(wording.list([...ran]))]), ...new Set(rest)];
}

function comparison(priors: readonly PriorStudy[], wording: Wording): string {
  if (priors.length === 0) return wording.draft.noPrior;
  const lines = priors.map(({ study_date, description, modalities }) => {
    const codes = wording.list(modalities.map((code) => wording.modality[code] ?? wording.embed(code)));
    const named = description?.trim() ? wording.embed(description.trim()) : null;
    return wording.draft.prior(study_date === null ? null : wording.date(study_date), codes, named);
  });
  return lines.join('\n');
}

function findingsText(told: readonly Told[], left: number, measured: readonly string[], wording: Wording): string {
  const sentences = told.map(({ words }) => words.finding);
  if (told.length === 0) sentences.push(wording.draft.noneAccepted);
  if (left > 0) sentences.push(wording.draft.doesNotFit(left));
  if (measured.length > 0) sentences.push('', ...measured);
  return capped(sentences.join('\n'));
}

type Concluded = { text: string; finding: Finding };

/** Short; several nodules in the model's words become one line on the largest. */
function impressionItems(told: readonly Told[], wording: Wording): Concluded[] {
  const nodules = told.filter(({ finding }) => isCodedNodule(finding));
  const largest = nodules[0];
  return told.flatMap(({ finding, words }) => {
    if (nodules.length < 2 || !isCodedNodule(finding)) return [{ text: words.impression, finding }];
    return finding === largest?.finding ? [{ text: wording.nodules(nodules.length, readNodule(finding)), finding }] : [];
  });
}

function impressionText(concluded: readonly Concluded[], left: number, wording: Wording): string {
  if (concluded.length === 0) return wording.draft.impressionOpen;
  const items = concluded.map(({ text }) => text);
  if (left > 0) items.push(wording.draft.doesNotFit(left));
  return capped(items.map((item, index) => `${index + 1}. ${item}`).join('\n'));
}

/** What a finding itself rests on; such a measurement is told only with its finding. */
const MEASUREMENTS_OF_FINDINGS: Readonly<Record<string, string>> = { laa950: 'emphysema' };

/**
 * Measurements of the runs that succeeded, as `- ` lines under the model that made them. One on which an undecided or rejected
 * finding rests is left out: the reader did not accept it.
 */
function measurements(analyses: readonly Analysis[], { findings, locale }: DraftInput, wording: Wording): string[] {
  return analyses.flatMap((analysis) => {
    if (analysis.status !== 'succeeded') return [];
    const open = new Set(findings.filter((finding) => finding.analysis_id === analysis.id && !isAccepted(finding)).map(({ code }) => code));
    const lines = analysis.measurements
      .filter(({ name }) => !open.has(MEASUREMENTS_OF_FINDINGS[name] ?? ''))
      .map((measurement) => `- ${describeMeasurement(measurement, locale)}`);
    return lines.length === 0 ? [] : [wording.draft.measuredBy(modelName(analysis, wording)), ...lines];
  });
}

/** The longest run of findings from the first whose whole sentences fit; a sentence is never cut. */
function fitting(told: readonly Told[]): Told[] {
  let room = SECTION_CHARACTERS - RESERVED_CHARACTERS;
  return told.filter(({ words }) => {
    const length = Math.max(words.finding.length, words.impression.length) + 8;
    const fits = length <= room;
    room = fits ? room - length : 0;
    return fits;
  });
}

/**
 * Order of telling, not a clinical grade: what the reader found comes first, then acute disease, then nodules from the largest, then
 * chronic change, then codes without a wording. Within that from right to left, then by place in the study, then by id.
 */
const SEVERITY: Readonly<Record<string, number>> = { pneumonia: 1, 'lung-nodule': 2, emphysema: 3 };
const SIDE_ORDER: Readonly<Record<string, number>> = { right: 0, left: 1 };

function bySeverityThenLocation(a: Finding, b: Finding): number {
  const [left, right] = [orderOf(a), orderOf(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function orderOf(finding: Finding): (string | number)[] {
  const { diameter_mm, side } = readNodule(finding);
  return [
    finding.source === 'person' ? 0 : (SEVERITY[finding.code] ?? 4),
    -(diameter_mm ?? 0),
    SIDE_ORDER[side ?? ''] ?? 2,
    finding.series_instance_uid ?? '',
    finding.sop_instance_uid ?? '',
    finding.frame ?? 0,
    finding.id,
  ];
}

function newestRuns(analyses: readonly Analysis[]): Analysis[] {
  const runs = Map.groupBy(analyses, ({ model_id, series_instance_uid, sop_instance_uid }) =>
    JSON.stringify([model_id, series_instance_uid, sop_instance_uid]),
  );
  return [...runs.values()].flatMap(([newest]) => (newest ? [newest] : []));
}

function isAccepted({ status }: Finding): boolean {
  return status === 'accepted' || status === 'edited';
}

function isCodedNodule({ source, code, status }: Finding): boolean {
  return source === 'model' && code === 'lung-nodule' && status === 'accepted';
}

function modelName({ model_id, model_version }: Analysis, wording: Wording): string {
  return wording.embed(`${model_id} ${model_version}`);
}

/** Cuts at a line where it can, so that what is sent stays within the contract; never between the halves of a character. */
function capped(text: string): string {
  if (text.length <= SECTION_CHARACTERS) return text;
  const head = text.slice(0, SECTION_CHARACTERS - 2).replace(/[\ud800-\udbff]$/, '');
  const line = head.lastIndexOf('\n');
  return `${line > SECTION_CHARACTERS / 2 ? head.slice(0, line) : head}\n…`;
}
