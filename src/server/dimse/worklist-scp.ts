import { type DataSet, DicomError } from '../../dicom/data-set.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { gather } from '../platform/data-stream.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { findOrders } from '../worklist/find-orders.ts';
import type { Request } from './find-scp.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import type { Session } from './session.ts';

const MAX_IDENTIFIER_BYTES = 1_048_576;

/** C-FIND of the modality worklist (PS3.4 K.4.1): a pending response for each scheduled step as it is found, then the end. */
export async function answerWorklist({ db }: { db: Db }, session: Session, { message, signal }: Request): Promise<void> {
  const { association, callingAe, log } = session;
  const respond = (status: number, comment = ''): Promise<void> =>
    association.send(message.contextId, responseTo(message.command, status, { comment }));
  const read = await readKeys(session, message);
  if (!read) return respond(STATUS.cannotUnderstand, 'The identifier cannot be read');
  const { keys, transferSyntax } = read;
  let matches = 0;
  const conclude = (status: number, comment = ''): Promise<void> => {
    session.audit.found({ level: 'WORKLIST', matches, fields: Object.keys(keys).join('&') });
    return respond(status, comment);
  };
  try {
    for await (const answer of findOrders(db, keys)) {
      if (signal.aborted) return await conclude(STATUS.cancelled);
      await association.send(message.contextId, responseTo(message.command, STATUS.pending, { hasData: true }), [
        writeDataSet(answer, transferSyntax),
      ]);
      matches += 1;
    }
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'invalid-request')) throw error;
    return conclude(STATUS.doesNotMatchSopClass, error.message);
  }
  log.info({ calling: callingAe, matches }, 'worklist answered');
  return conclude(signal.aborted ? STATUS.cancelled : STATUS.success);
}

async function readKeys(
  { association }: Session,
  { contextId, data }: Message,
): Promise<{ keys: DataSet; transferSyntax: string } | undefined> {
  const context = association.contexts().find(({ id }) => id === contextId);
  const bytes = data && (await gather(data.content, MAX_IDENTIFIER_BYTES));
  if (!bytes || !context) return undefined;
  try {
    return { keys: parseDataSet(bytes, context.transferSyntax), transferSyntax: context.transferSyntax };
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}
