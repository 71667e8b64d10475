import { type DataSet, DicomError, textOf } from '../../dicom/data-set.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { isValidUid } from '../../dicom/uids.ts';
import { gather } from '../platform/data-stream.ts';
import { newUid } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import { beginPerformed, changePerformed, type StepOutcome } from '../worklist/record-performed.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import type { Session } from './session.ts';

const MAX_STEP_BYTES = 4_194_304;
/** "Performed Procedure Step Object may no longer be updated" (PS3.4 table F.7.2-2). */
const NO_LONGER_UPDATED = 0xa710;

type StepDeps = { db: Db; now: () => Date };
type Answer = { status: number; comment?: string; fields?: DataSet };

const ANSWERS: Readonly<Record<StepOutcome, Answer>> = {
  done: { status: STATUS.success },
  exists: { status: STATUS.duplicateSopInstance, comment: 'There is a step of this UID' },
  'not-found': { status: STATUS.noSuchSopInstance, comment: 'There is no step of this UID' },
  final: {
    status: STATUS.processingFailure,
    comment: 'Performed Procedure Step Object may no longer be updated',
    fields: { [Tag.ErrorID]: { vr: 'US', Value: [NO_LONGER_UPDATED] } },
  },
  'no-status': { status: STATUS.missingAttributeValue, comment: 'Performed Procedure Step Status is missing' },
  'wrong-status': { status: STATUS.invalidAttributeValue, comment: 'Performed Procedure Step Status is not one that it can have now' },
  'no-study': { status: STATUS.missingAttributeValue, comment: 'The study of the scheduled step is missing' },
  fixed: { status: STATUS.invalidAttributeValue, comment: 'An attribute cannot be changed any more' },
  'too-large': { status: STATUS.outOfResources, comment: 'The step is too large' },
};

/** N-CREATE of a modality performed procedure step (PS3.4 F.7.2.1). Without a UID the step gets one, which the response tells. */
export async function answerStepCreated({ now }: StepDeps, session: Session, message: Message): Promise<void> {
  const given = textOf(message.command, Tag.AffectedSOPInstanceUID);
  const sopInstanceUid = given ?? newUid(now());
  const fields: DataSet = { [Tag.AffectedSOPInstanceUID]: { vr: 'UI', Value: [sopInstanceUid] } };
  await answer(session, message, { sopInstanceUid, fields, command: 'N-CREATE' }, (db, dataSet) =>
    beginPerformed({ db, now }, { sopInstanceUid, aeTitle: session.callingAe, dataSet }),
  );
}

/** N-SET of a modality performed procedure step (PS3.4 F.7.2.2). */
export async function answerStepChanged({ now }: StepDeps, session: Session, message: Message): Promise<void> {
  const sopInstanceUid = textOf(message.command, Tag.RequestedSOPInstanceUID) ?? '';
  await answer(session, message, { sopInstanceUid, fields: {}, command: 'N-SET' }, (db, dataSet) =>
    changePerformed({ db, now }, { sopInstanceUid, dataSet }),
  );
}

type About = { sopInstanceUid: string; fields: DataSet; command: string };

async function answer(
  session: Session,
  { contextId, command, data }: Message,
  about: About,
  act: (db: Db, dataSet: DataSet) => Promise<StepOutcome>,
): Promise<void> {
  const { association, audit, log, callingAe } = session;
  const context = association.contexts().find(({ id }) => id === contextId);
  const bytes = data && (await gather(data.content, MAX_STEP_BYTES));
  const dataSet = bytes && context && parseOr(bytes, context.transferSyntax);
  const given = ((): Promise<Answer> | Answer => {
    if (!session.grants.may_store) return { status: STATUS.notAuthorized };
    if (!isValidUid(about.sopInstanceUid)) return ANSWERS['not-found'];
    if (!dataSet) return { status: STATUS.processingFailure, comment: 'The data set cannot be read' };
    return act(audit.storing(about.command).db, dataSet).then((outcome) => ANSWERS[outcome]);
  })();
  const { status, comment = '', fields = {} } = await given;
  if (status !== STATUS.success) {
    audit.refused('store', about.command, 'invalid-request');
    log.warn({ calling: callingAe, command: about.command, status: status.toString(16) }, 'performed step refused');
  }
  await association.send(contextId, responseTo(command, status, { comment, fields: { ...about.fields, ...fields } }));
}

function parseOr(bytes: Uint8Array, transferSyntax: string): DataSet | undefined {
  try {
    return parseDataSet(bytes, transferSyntax);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}
