import { type DataSet, textOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { isValidUid } from '../../dicom/uids.ts';
import { writeDataSet } from '../../dicom/write.ts';
import type { Scope } from '../platform/scope.ts';
import { performedDataSet } from '../worklist/record-performed.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import type { Session } from './session.ts';

const UTF8: DataSet = { [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] } };

/**
 * N-GET of a performed procedure step (PS3.4 F.8.2): what its modality has said so far, of the attributes that are asked for, or all of them
 * without a list. For who may query.
 */
export async function answerStepAsked({ db }: Pick<Scope, 'db'>, session: Session, message: Message): Promise<void> {
  const { association, audit, grants } = session;
  const { contextId, command, data } = message;
  data?.discard();
  const refuse = (status: number, comment: string): Promise<void> => {
    audit.refused('retrieve', 'N-GET', status === STATUS.notAuthorized ? 'forbidden' : 'not-found');
    return association.send(contextId, responseTo(command, status, { comment }));
  };
  if (!grants.may_query) return refuse(STATUS.notAuthorized, 'This peer may not query');
  audit.requireWritable();
  const uid = textOf(command, Tag.RequestedSOPInstanceUID) ?? '';
  const step = isValidUid(uid) ? await performedDataSet(db, uid) : undefined;
  const context = association.contexts().find(({ id }) => id === contextId);
  if (!step || !context) return refuse(STATUS.noSuchSopInstance, 'There is no step of this UID');
  const answer = chosen(step.dataSet, command);
  await audit.retrieved('N-GET', new Map([[step.study, 1]]));
  await association.send(contextId, responseTo(command, STATUS.success, { hasData: true }), [
    writeDataSet({ ...UTF8, ...answer }, context.transferSyntax),
  ]);
}

/** Attribute Identifier List (0000,1005) of PS3.7 10.1.2: tags as they stand in a data set. */
function chosen(dataSet: DataSet, command: DataSet): DataSet {
  const wanted = command[Tag.AttributeIdentifierList];
  const tags = (wanted?.Value ?? []).map(String);
  if (tags.length === 0) return dataSet;
  return Object.fromEntries(Object.entries(dataSet).filter(([tag]) => tags.includes(tag)));
}
