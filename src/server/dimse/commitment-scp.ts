import { DicomError, numberOf, textOf } from '../../dicom/data-set.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { isValidUid } from '../../dicom/uids.ts';
import { gather } from '../platform/data-stream.ts';
import { AppError } from '../platform/errors.ts';
import { REQUEST_COMMITMENT, readTransaction, type Transaction } from './commitment-items.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { keepRequest, type ReportDeps, sendReport } from './report-commitment.ts';
import type { Session } from './session.ts';
import { StorageCommitmentPushModelInstance } from './sop-classes.ts';

const MAX_REQUEST_BYTES = 16_777_216;

/** N-ACTION (PS3.4 J.3.2): the request is taken down and answered; the report follows at once over the same association, else by a job. */
export async function answerCommitment(deps: ReportDeps, session: Session, message: Message): Promise<void> {
  const { association, log, callingAe } = session;
  const { contextId, command, data } = message;
  const respond = (status: number, comment = ''): Promise<void> => association.send(contextId, responseTo(command, status, { comment }));
  const bytes = data && (await gather(data.content, MAX_REQUEST_BYTES));
  const context = association.contexts().find(({ id }) => id === contextId);
  if (!session.grants.may_store) return respond(STATUS.notAuthorized);
  if (numberOf(command, Tag.ActionTypeID) !== REQUEST_COMMITMENT) return respond(STATUS.noSuchActionType);
  if (textOf(command, Tag.RequestedSOPInstanceUID) !== StorageCommitmentPushModelInstance) return respond(STATUS.noSuchSopInstance);
  const transaction = bytes && context && read(bytes, context.transferSyntax);
  if (!transaction || !context) return respond(STATUS.missingAttribute, 'No transaction, or no object in it');
  const row = await keepRequest(deps, { aeTitle: callingAe, peerId: session.peerId, transaction });
  if (!row) return respond(STATUS.duplicateTransactionUid);
  log.info({ calling: callingAe, objects: transaction.items.length }, 'storage commitment requested');
  await respond(STATUS.success);
  try {
    await sendReport(deps, association, { row, context });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The peer let go before the report: it comes over an association of our own, at once.
    await deps.db
      .transaction()
      .execute((tx) => deps.jobs.enqueue(tx, 'report-commitment', { commitment_id: row.id }, { key: row.id, runAt: deps.now() }));
  }
}

function read(bytes: Uint8Array, transferSyntax: string): Transaction | undefined {
  try {
    const transaction = readTransaction(parseDataSet(bytes, transferSyntax));
    return transaction && transaction.items.length > 0 && isValidUid(transaction.transactionUid) ? transaction : undefined;
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}
