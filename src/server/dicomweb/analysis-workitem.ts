import { createHash } from 'node:crypto';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs } from '../platform/ports.ts';
import { findStudyToAnalyze, listDicomJson, type StudyInstance } from '../studies/queries.ts';
import { recordStudyStep } from '../studies/study-progress.ts';
import { momentOf, picked, sequence, Ups } from './workitem-attributes.ts';
import { findAnalysisWorkitem, type WorkitemRow } from './workitem-repository.ts';
import { ANALYSIS_PERFORMER } from './workitem-state.ts';
import { changeWorkitemState, createWorkitem, getWorkitem, requestCancellation, updateWorkitem } from './workitems.ts';

export type AnalysisWorkitemDeps = {
  db: Db;
  jobs: TenantJobs;
  now: () => Date;
  /** Where other performers get the objects. */
  retrieval: { aeTitle: string; url: string | undefined };
  /** How long a workitem waits for another performer. */
  waitMs: number;
};
export type OnProgress = (done: number, total: number) => void;
type Analysis = { run: (onProgress: OnProgress) => Promise<void>; isLastAttempt: boolean };
type Input = { studyInstanceUid: string; instances: StudyInstance[]; digest: string };

/** Of the study's first object, as they stand in it: who it is of. */
const PATIENT = ['00100010', '00100020', '00100021', '00100030', '00100040'];
const ACCESSION_NUMBER = '00080050';

/**
 * Analyzes a study as a workitem (IHE AIW-I): made when the analysis is due, open to every performer for a while, then claimed, and
 * moved on as the analysis goes. Where another performer has claimed it, this server leaves the work to that one; where that one gives it
 * up, the analysis is done here. Safe to repeat and to resume.
 *
 * @throws what the analysis throws
 */
export async function analyzeAsWorkitem(deps: AnalysisWorkitemDeps, studyInstanceUid: string, analysis: Analysis): Promise<void> {
  const input = await findInput(deps.db, studyInstanceUid);
  if (!input) return await analysis.run(() => undefined);
  const row = await presentWorkitem(deps, input);
  if (row.state === 'SCHEDULED') {
    const due = new Date(Date.parse(row.created_at) + deps.waitMs);
    if (due > deps.now()) return await comeBack(deps, studyInstanceUid, due);
    // Somebody else may be quicker.
    const transaction = await claim(deps, row.sop_instance_uid);
    return transaction === undefined ? undefined : await perform(deps, { uid: row.sop_instance_uid, transaction }, analysis);
  }
  const isOurs = row.performer === ANALYSIS_PERFORMER;
  if (row.state === 'IN PROGRESS' && isOurs)
    return await perform(deps, { uid: row.sop_instance_uid, transaction: row.transaction_uid ?? '' }, analysis);
  // What another performer works on or has done, and what somebody canceled before it was begun, is not for this server to do.
  const isGivenUp = row.state === 'CANCELED' && row.performer !== null;
  if (isOurs || isGivenUp) await analysis.run(() => undefined);
}

/** What there is to analyze; undefined where no object holds a picture as it was made. */
async function findInput(db: Db, studyInstanceUid: string): Promise<Input | undefined> {
  const study = await findStudyToAnalyze(db, studyInstanceUid);
  const instances = (study?.instances ?? []).filter(
    ({ rows, is_derived, modality }) => rows !== null && is_derived === 0 && !RESULTS.has(modality),
  );
  if (instances.length === 0) return undefined;
  const uids = instances.map(({ sop_instance_uid }) => sop_instance_uid).sort();
  return { studyInstanceUid, instances, digest: createHash('sha256').update(uids.join('\n')).digest('hex') };
}

/** Modalities of what performers make: their arrival is no new work. */
const RESULTS: ReadonlySet<string> = new Set(['SEG', 'SR', 'PR', 'KO', 'DOC', 'RTSTRUCT', 'REG']);

/** The workitem of what there is to analyze now; one of a former state that nobody has begun is canceled. */
async function presentWorkitem(deps: AnalysisWorkitemDeps, input: Input): Promise<WorkitemRow> {
  const held = await findAnalysisWorkitem(deps.db, input.studyInstanceUid);
  if (held?.input_digest === input.digest) return held;
  if (held?.state === 'SCHEDULED') await supersede(deps, held.sop_instance_uid);
  const now = deps.now();
  const uid = `2.25.${BigInt(`0x${newId(now).replaceAll('-', '')}`)}`;
  await createWorkitem(deps, { uid, json: await describe(deps, input, now), own: { inputDigest: input.digest } });
  return (await getWorkitem(deps.db, uid)).row;
}

async function supersede(deps: AnalysisWorkitemDeps, uid: string): Promise<void> {
  try {
    const reason = 'Superseded: the study has grown';
    await requestCancellation(deps, uid, { [Ups.ReasonForCancellation]: { vr: 'LT', Value: [reason] } });
  } catch (error) {
    // Whoever claimed it in the meantime keeps it.
    if (!(error instanceof AppError) || error.kind !== 'wrong-state') throw error;
  }
}

async function describe({ db, retrieval }: AnalysisWorkitemDeps, input: Input, now: Date): Promise<DicomJson> {
  const { studyInstanceUid, instances } = input;
  const [first] = await listDicomJson(
    db,
    instances.slice(0, 1).map(({ sop_instance_uid }) => sop_instance_uid),
  );
  const object = first === undefined ? {} : parseColumn<DicomJson>(first);
  const series = Map.groupBy(instances, (instance) => instance.series_instance_uid);
  const request: DicomJson = {
    [Ups.StudyInstanceUID]: { vr: 'UI', Value: [studyInstanceUid] },
    [ACCESSION_NUMBER]: object[ACCESSION_NUMBER] ?? { vr: 'SH' },
  };
  return {
    ...picked(object, PATIENT),
    [Ups.ScheduledProcedureStepStartDateTime]: { vr: 'DT', Value: [momentOf(now)] },
    [Ups.ScheduledWorkitemCodeSequence]: sequence(DETECTION),
    [Ups.InputInformationSequence]: sequence(
      ...[...series].map(([uid, objects]) => inputItem(retrieval, { studyInstanceUid, uid, objects })),
    ),
    [Ups.ReferencedRequestSequence]: sequence(request),
    [Ups.InputReadinessState]: { vr: 'CS', Value: ['READY'] },
    [Ups.ProcedureStepState]: { vr: 'CS', Value: ['SCHEDULED'] },
    [Ups.Priority]: { vr: 'CS', Value: ['MEDIUM'] },
    [Ups.ProcedureStepLabel]: { vr: 'LO', Value: ['AI analysis'] },
  };
}

type SeriesInput = { studyInstanceUid: string; uid: string; objects: readonly StudyInstance[] };

/** The objects of a series, and where they are had (PS3.3 table 10-3b). */
function inputItem({ aeTitle, url }: AnalysisWorkitemDeps['retrieval'], { studyInstanceUid, uid, objects }: SeriesInput): DicomJson {
  const retrieveUrl = `${url}/dicom-web/studies/${studyInstanceUid}/series/${uid}`;
  return {
    '00081199': sequence(
      ...objects.map(({ sop_class_uid, sop_instance_uid }) => ({
        '00081150': { vr: 'UI' as const, Value: [sop_class_uid] },
        '00081155': { vr: 'UI' as const, Value: [sop_instance_uid] },
      })),
    ),
    [Ups.StudyInstanceUID]: { vr: 'UI', Value: [studyInstanceUid] },
    '0020000E': { vr: 'UI', Value: [uid] },
    '0040E020': { vr: 'CS', Value: ['DICOM'] },
    '0040E021': sequence({ '00080054': { vr: 'AE', Value: [aeTitle] } }),
    ...(url === undefined ? {} : { '0040E025': sequence({ '00081190': { vr: 'UR', Value: [retrieveUrl] } }) }),
  };
}

/** The study is complete, and its analysis begins later. */
async function comeBack({ db, jobs, now }: AnalysisWorkitemDeps, studyInstanceUid: string, runAt: Date): Promise<void> {
  const payload = { study_instance_uid: studyInstanceUid };
  await db.transaction().execute(async (tx) => {
    await recordStudyStep(tx, studyInstanceUid, { status: 'complete', event: 'study_complete', at: now().toISOString() });
    await jobs.enqueue(tx, 'analyze-study', payload, { key: studyInstanceUid, runAt });
  });
}

/** Our transaction; undefined if another performer has claimed the workitem, or somebody has canceled it. */
async function claim(deps: AnalysisWorkitemDeps, uid: string): Promise<string | undefined> {
  const transaction = `2.25.${BigInt(`0x${newId(deps.now()).replaceAll('-', '')}`)}`;
  try {
    await changeWorkitemState(deps, uid, { state: 'IN PROGRESS', transaction, performer: ANALYSIS_PERFORMER });
    return transaction;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'wrong-state') return undefined;
    throw error;
  }
}

async function perform(
  deps: AnalysisWorkitemDeps,
  { uid, transaction }: { uid: string; transaction: string },
  { run, isLastAttempt }: Analysis,
): Promise<void> {
  const startedAt = deps.now();
  const report = openProgress(deps, { uid, transaction });
  const end = (state: 'COMPLETED' | 'CANCELED') => changeWorkitemState(deps, uid, { state, transaction, performer: ANALYSIS_PERFORMER });
  try {
    await run(report.told);
  } catch (error) {
    await report.settled();
    if (isLastAttempt) await end('CANCELED');
    throw error;
  }
  await report.settled();
  await updateWorkitem(deps, uid, { changes: performedBetween(startedAt, deps.now()), transaction });
  await end('COMPLETED');
}

/** Writes progress one step after the other, while the analysis goes on. */
function openProgress(deps: AnalysisWorkitemDeps, { uid, transaction }: { uid: string; transaction: string }) {
  let last: Promise<void> = Promise.resolve();
  const told: OnProgress = (done, total) => {
    const percent = total === 0 ? 100 : Math.round((100 * done) / total);
    const item: DicomJson = { [Ups.Progress]: { vr: 'DS', Value: [percent] } };
    last = last.then(() => updateWorkitem(deps, uid, { changes: { [Ups.ProgressInformationSequence]: sequence(item) }, transaction }));
    // Whether it failed is asked in the end.
    last.catch(() => undefined);
  };
  return { told, settled: (): Promise<void> => last };
}

function performedBetween(start: Date, end: Date): DicomJson {
  const item: DicomJson = {
    [Ups.PerformedWorkitemCodeSequence]: sequence(DETECTION),
    [Ups.PerformedStationNameCodeSequence]: sequence(codeItem('ISOCENTER', '99ISOCENTER', 'Isocenter')),
    // Findings are kept as findings; nothing is written as an object of DICOM by the analysis itself.
    [Ups.OutputInformationSequence]: sequence(),
    [Ups.PerformedStartDateTime]: { vr: 'DT', Value: [momentOf(start)] },
    [Ups.PerformedEndDateTime]: { vr: 'DT', Value: [momentOf(end)] },
  };
  return { [Ups.PerformedProcedureSequence]: sequence(item) };
}

function codeItem(value: string, scheme: string, meaning: string): DicomJson {
  return {
    '00080100': { vr: 'SH', Value: [value] },
    '00080102': { vr: 'SH', Value: [scheme] },
    '00080104': { vr: 'LO', Value: [meaning] },
  };
}

/** Of context group 9231 (PS3.16). */
const DETECTION = codeItem('110004', 'DCM', 'Computer Aided Detection');
