import { type DataSet, DicomError, type PersonName } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { gather } from './data-stream.ts';
import { type FindRow, listCandidates } from './find-queries.ts';
import { matchesKeys } from './match.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { keysAt, type Level, levelOf } from './query-levels.ts';
import type { Session } from './session.ts';
import { serviceOf } from './sop-classes.ts';

/** An identifier is a few keys and lists of UIDs. */
const MAX_IDENTIFIER_BYTES = 1_048_576;

/** A request whose data set is an identifier, and what cancels it. */
export type Request = { message: Message; signal: AbortSignal };
export type Identifier = { keys: DataSet; level: Level; transferSyntax: string };

/** C-FIND (PS3.4 C.4.1): a pending response for each match as it is found, then the end. Nothing is kept of the matches. */
export async function answerFind({ db }: { db: Db }, session: Session, { message, signal }: Request): Promise<void> {
  const { association, node, callingAe, log } = session;
  const respond = (status: number, comment = ''): Promise<void> =>
    association.send(message.contextId, responseTo(message.command, status, { comment }));

  const identifier = await readIdentifier(session, message);
  if (!identifier) return respond(STATUS.doesNotMatchSopClass, 'The identifier cannot be read, or names no level of this root');
  const { keys, level, transferSyntax } = identifier;
  let matches = 0;
  for await (const candidate of candidatesOf(db, identifier)) {
    if (signal.aborted) return respond(STATUS.cancelled);
    const answer = writeDataSet(answerOf(keys, candidate, { level, aeTitle: node.aeTitle }), transferSyntax);
    await association.send(message.contextId, responseTo(message.command, STATUS.pending, { hasData: true }), [answer]);
    matches += 1;
  }
  log.info({ calling: callingAe, level, matches }, 'query answered');
  return respond(signal.aborted ? STATUS.cancelled : STATUS.success);
}

/** The identifier of a query or retrieval, read whole; undefined if it is none. */
export async function readIdentifier(session: Session, { contextId, data }: Message): Promise<Identifier | undefined> {
  const context = session.association.contexts().find(({ id }) => id === contextId);
  const service = context && serviceOf(context.abstractSyntax, session.node.privateClasses);
  const bytes = data && (await gather(data.content, MAX_IDENTIFIER_BYTES));
  if (!bytes || !context || !service || !('root' in service)) return undefined;
  const keys = parseOr(bytes, context.transferSyntax);
  const level = keys && levelOf(keys, service.root);
  return keys && level && { keys, level, transferSyntax: context.transferSyntax };
}

async function* candidatesOf(db: Db, { keys, level }: Identifier): AsyncGenerator<DataSet> {
  const atLevel = keysAt(level, keys);
  const withJson = level === 'IMAGE' || Object.keys(atLevel).some((tag) => !COLUMN_TAGS[level].has(tag));
  for await (const rows of listCandidates(db, { level, keys: atLevel, withJson })) {
    for (const row of rows) {
      const candidate = level === 'IMAGE' ? storedAttributes(row) : { ...keysAt(level, storedAttributes(row)), ...columnsOf(row, level) };
      if (matchesKeys(atLevel, candidate)) yield candidate;
    }
  }
}

function parseOr(bytes: Uint8Array, transferSyntax: string): DataSet | undefined {
  try {
    return parseDataSet(bytes, transferSyntax);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** Written by `storeInstance` from a data set. */
function storedAttributes({ dicom_json }: FindRow): DataSet {
  return dicom_json === null ? {} : fromDicomJson(parseColumn<object>(dicom_json));
}

/** The attributes that columns hold, at their level and below. */
function columnsOf(row: FindRow, level: Level): DataSet {
  const patient = {
    [Tag.PatientName]: name(row.name),
    [Tag.PatientID]: text('LO', row.patient_id),
    // A patient without an ID has a made-up issuer, one for each study.
    [Tag.IssuerOfPatientID]: text('LO', row.patient_id === '' ? null : row.issuer),
    [Tag.PatientBirthDate]: text('DA', row.birth_date),
    [Tag.PatientSex]: text('CS', row.sex),
  };
  if (level === 'PATIENT')
    return {
      ...patient,
      [Tag.NumberOfPatientRelatedStudies]: count(row.study_count),
      [Tag.NumberOfPatientRelatedSeries]: count(row.series_count),
      [Tag.NumberOfPatientRelatedInstances]: count(row.instance_count),
    };
  const study = {
    ...patient,
    [Tag.StudyInstanceUID]: text('UI', row.study_instance_uid),
    [Tag.StudyID]: text('SH', row.study_id),
    [Tag.StudyDate]: text('DA', row.study_date),
    [Tag.StudyTime]: text('TM', row.study_time),
    [Tag.AccessionNumber]: text('SH', row.accession_number),
    [Tag.StudyDescription]: text('LO', row.study_description),
  };
  if (level === 'STUDY')
    return {
      ...study,
      [Tag.ReferringPhysicianName]: name(row.referring_physician ?? ''),
      [Tag.ModalitiesInStudy]: { vr: 'CS', Value: (row.modalities ?? '').split(',').sort() },
      [Tag.NumberOfStudyRelatedSeries]: count(row.series_count),
      [Tag.NumberOfStudyRelatedInstances]: count(row.instance_count),
    };
  return {
    ...study,
    [Tag.SeriesInstanceUID]: text('UI', row.series_instance_uid),
    [Tag.Modality]: text('CS', row.modality),
    [Tag.SeriesNumber]: row.series_number === null ? { vr: 'IS' } : count(row.series_number),
    [Tag.SeriesDescription]: text('LO', row.series_description),
    [Tag.BodyPartExamined]: text('CS', row.body_part),
    [Tag.NumberOfSeriesRelatedInstances]: count(row.instance_count),
  };
}

const NO_ROW: FindRow = {
  cursor: '',
  name: '',
  patient_id: '',
  issuer: '',
  birth_date: null,
  sex: null,
  study_instance_uid: null,
  study_id: null,
  study_date: null,
  study_time: null,
  accession_number: null,
  study_description: null,
  referring_physician: null,
  series_instance_uid: null,
  modality: null,
  series_number: null,
  series_description: null,
  body_part: null,
  modalities: null,
  study_count: 0,
  series_count: 0,
  instance_count: 0,
  dicom_json: null,
};
/** Attributes that need no look into stored objects. */
const COLUMN_TAGS: Record<Level, ReadonlySet<string>> = {
  PATIENT: new Set(Object.keys(columnsOf(NO_ROW, 'PATIENT'))),
  STUDY: new Set(Object.keys(columnsOf(NO_ROW, 'STUDY'))),
  SERIES: new Set(Object.keys(columnsOf(NO_ROW, 'SERIES'))),
  IMAGE: new Set(),
};

/** The attributes that were asked for, empty where there is nothing to say (PS3.4 C.4.1.1.3.2). */
function answerOf(keys: DataSet, candidate: DataSet, { level, aeTitle }: { level: Level; aeTitle: string }): DataSet {
  const known = keysAt(level, keys);
  const answer: DataSet = {};
  for (const [tag, key] of Object.entries(keys)) {
    if (tag === Tag.SpecificCharacterSet) continue;
    answer[tag] = (tag in known ? candidate[tag] : undefined) ?? { vr: key.vr };
  }
  answer[Tag.QueryRetrieveLevel] = text('CS', level);
  answer[Tag.RetrieveAETitle] = text('AE', aeTitle);
  if (answer[Tag.InstanceAvailability]) answer[Tag.InstanceAvailability] = text('CS', 'ONLINE');
  return answer;
}

function text(vr: 'AE' | 'CS' | 'DA' | 'LO' | 'SH' | 'TM' | 'UI', value: string | null): DataSet[string] {
  return value === null || value === '' ? { vr } : { vr, Value: [value] };
}

function count(value: number): DataSet[string] {
  return { vr: 'IS', Value: [Number(value)] };
}

function name(written: string): DataSet[string] {
  const [alphabetic, ideographic, phonetic] = written.split('=');
  const groups: PersonName = {};
  if (alphabetic) groups.Alphabetic = alphabetic;
  if (ideographic) groups.Ideographic = ideographic;
  if (phonetic) groups.Phonetic = phonetic;
  return written === '' ? { vr: 'PN' } : { vr: 'PN', Value: [groups] };
}
