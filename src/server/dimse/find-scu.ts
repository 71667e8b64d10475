import type { PeerAnswers, PeerQuery } from '../../contract/peers.ts';
import { type DataSet, DicomError, type Value } from '../../dicom/data-set.ts';
import { type DicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { tagOf, vrOf } from '../../dicom/dictionary.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { parsePersonName } from '../../dicom/parse-values.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../dicom/uids.ts';
import { vrInfo } from '../../dicom/vr.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { gather } from '../platform/data-stream.ts';
import { AppError } from '../platform/errors.ts';
import type { Association } from './association.ts';
import { type Caller, openAssociation, type Remote } from './client.ts';
import { COMMANDS, isPending, STATUS } from './message.ts';
import { ModalityWorklistFind, PatientRootFind, StudyRootFind } from './sop-classes.ts';

const MAX_ANSWER_BYTES = 1_048_576;
const NO_DATA_SET = 0x0101;
const DEFAULT_LIMIT = 500;

/**
 * C-FIND as the SCU: what an application has, or what is scheduled. What goes wrong at the other side is part of the answer.
 *
 * @throws {AppError} `invalid-request` for a key that names no attribute
 */
export async function findAt(remote: Remote, caller: Caller, { level, keys, limit = DEFAULT_LIMIT }: PeerQuery): Promise<PeerAnswers> {
  const sopClass = {
    WORKLIST: ModalityWorklistFind,
    PATIENT: PatientRootFind,
    STUDY: StudyRootFind,
    SERIES: StudyRootFind,
    IMAGE: StudyRootFind,
  }[level];
  const identifier = identifierOf(keys);
  if (level !== 'WORKLIST') identifier[Tag.QueryRetrieveLevel] = { vr: 'CS', Value: [level] };
  const items: DicomJson[] = [];
  const answer = (ok: boolean, detail: string, is_complete: boolean): PeerAnswers => ({ ok, detail, items, is_complete });
  let association: Association | undefined;
  try {
    const contexts = [{ id: 1, abstractSyntax: sopClass, transferSyntaxes: [ExplicitVrLittleEndian, ImplicitVrLittleEndian] }];
    association = await openAssociation(remote, { ...caller, contexts });
    const [context] = association.contexts();
    if (!context) return answer(false, 'This query is not supported', false);
    const fields: DataSet = { [Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [sopClass] }, [Tag.Priority]: { vr: 'US', Value: [0] } };
    const data = writeDataSet(identifier, context.transferSyntax);
    const { messageId, responses } = await association.ask(context.id, 'c-find', fields, [data]);
    let more = false;
    for await (const { head, data: found } of responses) {
      const bytes = found && (await gather(found.content, MAX_ANSWER_BYTES));
      if (!isPending(head.status))
        return answer(head.status === STATUS.success || more, told(head.status, more), !more && head.status === STATUS.success);
      if (items.length < limit) items.push(...(bytes ? [toDicomJson(parseDataSet(bytes, context.transferSyntax))] : []));
      else if (!more) {
        more = true;
        await association.send(context.id, cancellation(messageId));
      }
    }
    return answer(false, 'The association ended', false);
  } catch (error) {
    if (error instanceof AppError) return answer(false, error.message, false);
    if (error instanceof DicomError) return answer(false, 'An answer could not be read', false);
    throw error;
  } finally {
    association?.release();
  }
}

function told(status: number, isCut: boolean): string {
  if (isCut) return 'There are more';
  return status === STATUS.success ? 'Success' : `Status ${status.toString(16).padStart(4, '0')}`;
}

function cancellation(messageId: number): DataSet {
  return {
    [Tag.CommandField]: { vr: 'US', Value: [COMMANDS['c-cancel']] },
    [Tag.MessageIDBeingRespondedTo]: { vr: 'US', Value: [messageId] },
    [Tag.CommandDataSetType]: { vr: 'US', Value: [NO_DATA_SET] },
  };
}

function identifierOf(keys: Readonly<Record<string, string>>): DataSet {
  const identifier: DataSet = {};
  for (const [path, value] of Object.entries(keys)) put(identifier, path.split('.').map(tagNamed), value);
  return identifier;
}

function put(dataSet: DataSet, [tag = '', ...rest]: string[], value: string): void {
  const vr = vrOf(tag);
  if (rest.length === 0) {
    dataSet[tag] = value === '' ? { vr } : { vr, Value: valuesOf(tag, value) };
    return;
  }
  if (vr !== 'SQ') throw new AppError('invalid-request', `${tag} is no sequence`);
  // A key for a sequence has one item (PS3.4 C.2.2.2.6).
  const item = (dataSet[tag]?.Value?.[0] ?? {}) as DataSet;
  dataSet[tag] = { vr, Value: [item] };
  put(item, rest, value);
}

function valuesOf(tag: string, value: string): Value[] {
  const vr = vrOf(tag);
  if (vr === 'PN') return [parsePersonName(value)];
  if (vrInfo[vr].kind === 'text') return value.split('\\');
  const numbers = value.split('\\').map(Number);
  if (vrInfo[vr].kind !== 'number' || numbers.some((number) => !Number.isFinite(number)))
    throw new AppError('invalid-request', `${tag} cannot be asked for by this value`);
  return numbers;
}

function tagNamed(name: string): string {
  const tag = /^[0-9A-Fa-f]{8}$/.test(name) ? name.toUpperCase() : tagOf(name);
  if (tag === undefined) throw new AppError('invalid-request', `There is no attribute ${name}`);
  return tag;
}
