import { DicomError } from '../../dicom/data-set.ts';
import { type DicomJson, type DicomJsonAttribute, type DicomJsonValue, fromDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import { itemsOf } from '../studies/match-attribute.ts';
import { momentForm } from '../studies/moment-bounds.ts';

/** UPS Push: the SOP class of every instance, whichever class a service uses (PS3.4 CC.3.1). */
const UPS_PUSH = '1.2.840.10008.5.1.4.34.6.1';

/** Attributes of a Unified Procedure Step that this program reads or writes (PS3.3 B.26.2). */
export const Ups = {
  SOPClassUID: '00080016',
  SOPInstanceUID: '00080018',
  TransactionUID: '00081195',
  StudyInstanceUID: '0020000D',
  ScheduledProcedureStepStartDateTime: '00404005',
  ModificationDateTime: '00404010',
  ScheduledWorkitemCodeSequence: '00404018',
  PerformedWorkitemCodeSequence: '00404019',
  InputInformationSequence: '00404021',
  ScheduledStationNameCodeSequence: '00404025',
  PerformedStationNameCodeSequence: '00404028',
  OutputInformationSequence: '00404033',
  ScheduledHumanPerformersSequence: '00404034',
  InputReadinessState: '00404041',
  PerformedStartDateTime: '00404050',
  PerformedEndDateTime: '00404051',
  CancellationDateTime: '00404052',
  ReferencedRequestSequence: '0040A370',
  ProcedureStepState: '00741000',
  ProgressInformationSequence: '00741002',
  Progress: '00741004',
  ProgressDescription: '00741006',
  ContactURI: '0074100A',
  ContactDisplayName: '0074100C',
  DiscontinuationReasonCodeSequence: '0074100E',
  Priority: '00741200',
  WorklistLabel: '00741202',
  ProcedureStepLabel: '00741204',
  ScheduledProcessingParametersSequence: '00741210',
  PerformedProcedureSequence: '00741216',
  RequestingAE: '00741236',
  ReasonForCancellation: '00741238',
} as const;

/** What stays as it was created (PS3.4 table CC.2.5-3: not allowed in N-SET), or is changed by another act. */
const FIXED: readonly string[] = [
  Ups.SOPClassUID,
  Ups.SOPInstanceUID,
  Ups.ProcedureStepState,
  Ups.ReferencedRequestSequence,
  '00100010',
  '00100020',
  '00100021',
  '00100030',
  '00100040',
];
/** Present in every instance, if only empty (type 2 of the same table). */
const EMPTY: Readonly<Record<string, DicomJsonAttribute['vr']>> = {
  '00100010': 'PN',
  '00100020': 'LO',
  '00100030': 'DA',
  '00100040': 'CS',
  [Ups.ScheduledProcessingParametersSequence]: 'SQ',
  [Ups.ScheduledStationNameCodeSequence]: 'SQ',
  [Ups.ScheduledWorkitemCodeSequence]: 'SQ',
  [Ups.InputInformationSequence]: 'SQ',
  [Ups.ReferencedRequestSequence]: 'SQ',
  [Ups.ProgressInformationSequence]: 'SQ',
  [Ups.PerformedProcedureSequence]: 'SQ',
};
const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'];
const READINESS = ['READY', 'INCOMPLETE', 'UNAVAILABLE'];
const DEFAULT_WORKLIST = 'ISOCENTER';

/** A data set as it was sent, in the order and form of the JSON model. @throws {AppError} `invalid-request` */
export function normalized(json: unknown): DicomJson {
  try {
    const { '00080005': _, ...rest } = toDicomJson(fromDicomJson(json));
    return rest;
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    throw new AppError('invalid-request', `The data set is not valid: ${error.message}`, { cause: error });
  }
}

/**
 * A workitem as it is created: what the creator need not tell is added.
 *
 * @throws {AppError} `invalid-request` if something is missing, or there that is the performer's to say
 */
export function createdFrom(given: DicomJson, uid: string, now: Date): DicomJson {
  const empty = Object.fromEntries(Object.entries(EMPTY).map(([tag, vr]) => [tag, { vr }]));
  const { [Ups.TransactionUID]: transaction, ...rest } = given;
  const json: DicomJson = { ...empty, ...rest };
  if (textOf(json, Ups.ProcedureStepState) !== 'SCHEDULED')
    throw new AppError('invalid-request', 'The provided value of UPS State was not SCHEDULED');
  if ((transaction?.Value ?? []).length > 0) throw new AppError('invalid-request', 'A workitem is created without a Transaction UID');
  for (const tag of [Ups.ProgressInformationSequence, Ups.PerformedProcedureSequence])
    if (itemsOf(json[tag]).length > 0) throw new AppError('invalid-request', `Attribute ${tag} is empty when a workitem is created`);
  requireOneOf(json, Ups.Priority, PRIORITIES);
  requireOneOf(json, Ups.InputReadinessState, READINESS);
  if (!textOf(json, Ups.ProcedureStepLabel)) throw new AppError('invalid-request', `Attribute ${Ups.ProcedureStepLabel} is missing`);
  startOf(json);
  return {
    ...json,
    [Ups.SOPClassUID]: { vr: 'UI', Value: [UPS_PUSH] },
    [Ups.SOPInstanceUID]: { vr: 'UI', Value: [uid] },
    [Ups.WorklistLabel]: { vr: 'LO', Value: [textOf(json, Ups.WorklistLabel) || DEFAULT_WORKLIST] },
    [Ups.ModificationDateTime]: { vr: 'DT', Value: [momentOf(now)] },
  };
}

/**
 * A workitem after a change: attributes are replaced whole.
 *
 * @throws {AppError} `invalid-request` if something would change that stays as it is
 */
export function changedBy(current: DicomJson, changes: DicomJson, now: Date): DicomJson {
  for (const tag of FIXED)
    if (changes[tag] !== undefined && JSON.stringify(changes[tag]) !== JSON.stringify(current[tag]))
      throw new AppError('invalid-request', `Attribute ${tag} of a workitem cannot be changed`);
  const { [Ups.TransactionUID]: _, ...rest } = changes;
  const json = { ...current, ...rest, [Ups.ModificationDateTime]: { vr: 'DT' as const, Value: [momentOf(now)] } };
  requireOneOf(json, Ups.Priority, PRIORITIES);
  requireOneOf(json, Ups.InputReadinessState, READINESS);
  startOf(json);
  return json;
}

/** Whether what the performer has to tell of completed work is there (PS3.4 table CC.2.5-3, final state). */
export function isComplete(json: DicomJson): boolean {
  const [performed] = itemsOf(json[Ups.PerformedProcedureSequence]);
  if (!performed) return false;
  const values = [
    Ups.PerformedStartDateTime,
    Ups.PerformedEndDateTime,
    Ups.PerformedWorkitemCodeSequence,
    Ups.PerformedStationNameCodeSequence,
  ];
  return performed[Ups.OutputInformationSequence] !== undefined && values.every((tag) => (performed[tag]?.Value ?? []).length > 0);
}

/** A workitem with the moment of its cancellation, unless its performer told that. */
export function canceledAt(json: DicomJson, now: Date, reason: DicomJson = {}): DicomJson {
  const [progress = {}, ...more] = itemsOf(json[Ups.ProgressInformationSequence]);
  const moment = progress[Ups.CancellationDateTime] ?? { vr: 'DT', Value: [momentOf(now)] };
  const told = { ...progress, ...picked(reason, [Ups.ReasonForCancellation, Ups.DiscontinuationReasonCodeSequence]) };
  return { ...json, [Ups.ProgressInformationSequence]: sequence({ ...told, [Ups.CancellationDateTime]: moment }, ...more) };
}

/** The study that a workitem works on, or else that its request is about. */
export function studyOf(json: DicomJson): string | undefined {
  const items = [...itemsOf(json[Ups.InputInformationSequence]), ...itemsOf(json[Ups.ReferencedRequestSequence])];
  return items.map((item) => textOf(item, Ups.StudyInstanceUID)).find((uid) => uid !== '');
}

/** When it is scheduled, as it sorts. @throws {AppError} `invalid-request` without a moment */
export function startOf(json: DicomJson): string {
  const start = momentForm(textOf(json, Ups.ScheduledProcedureStepStartDateTime));
  if (start === undefined)
    throw new AppError('invalid-request', `Attribute ${Ups.ScheduledProcedureStepStartDateTime} is missing, or no date and time`);
  return start;
}

/** The first value as text; empty without one. */
export function textOf(json: DicomJson, tag: string): string {
  const value = json[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

export function sequence(...items: DicomJson[]): DicomJsonAttribute {
  return items.length > 0 ? { vr: 'SQ', Value: items as DicomJsonValue[] } : { vr: 'SQ' };
}

export function picked(json: DicomJson, tags: readonly string[]): DicomJson {
  return Object.fromEntries(Object.entries(json).filter(([tag]) => tags.includes(tag)));
}

/** A DT value in UTC. */
export function momentOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}+0000`;
}

function requireOneOf(json: DicomJson, tag: string, values: readonly string[]): void {
  if (!values.includes(textOf(json, tag))) throw new AppError('invalid-request', `Attribute ${tag} takes ${values.join(', ')}`);
}
