import { type DataSet, DicomError } from '../../dicom/data-set.ts';
import { type DicomJson, fromDicomJson } from '../../dicom/dicom-json.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { gather } from '../platform/data-stream.ts';
import type { Db } from '../platform/ports.ts';
import { attributesOfRow, itemFilters, projected, readingFor, storedAttributes } from '../studies/found-attributes.ts';
import { type FoundRow, readFound } from '../studies/found-queries.ts';
import { search } from '../studies/search.ts';
import type { Search } from '../studies/search-filter.ts';
import { type FindKeys, findKeysOf } from './find-keys.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { type Level, levelOf, SEARCH_LEVELS } from './query-levels.ts';
import { BASELINE, type Matching, matchingOf } from './query-negotiation.ts';
import type { Session } from './session.ts';
import { serviceOf } from './sop-classes.ts';

/** An identifier is a few keys and lists of UIDs. */
const MAX_IDENTIFIER_BYTES = 1_048_576;

/** A request whose data set is an identifier, and what cancels it. */
export type Request = { message: Message; signal: AbortSignal };
export type Identifier = { keys: DataSet; level: Level; transferSyntax: string; matching: Matching };

/** C-FIND (PS3.4 C.4.1): a pending response for each match as it is found, then the end. Nothing is kept of the matches. */
export async function answerFind({ db }: { db: Db }, session: Session, { message, signal }: Request): Promise<void> {
  const { association, node, callingAe, log } = session;
  const respond = (status: number, comment = ''): Promise<void> =>
    association.send(message.contextId, responseTo(message.command, status, { comment }));

  const identifier = await readIdentifier(session, message);
  if (!identifier) return respond(STATUS.doesNotMatchSopClass, 'The identifier cannot be read, or names no level of this root');
  const { keys, level, transferSyntax, matching } = identifier;
  const asked = findKeysOf(keys, SEARCH_LEVELS[level], matching);
  const status = asked.isPartly ? STATUS.pendingNotAllKeys : STATUS.pending;
  let matches = 0;
  const conclude = (end: number): Promise<void> => {
    session.audit.found({ level, matches, fields: Object.keys(keys).join('&') });
    return respond(end);
  };
  for await (const batch of findRows(db, { level: SEARCH_LEVELS[level], scope: {}, filters: asked.filters, order: 'moment' }, asked)) {
    for (const row of batch) {
      if (signal.aborted) return conclude(STATUS.cancelled);
      const answer = writeDataSet(answerOf(keys, row, { asked, level, aeTitle: node.aeTitle }), transferSyntax);
      await association.send(message.contextId, responseTo(message.command, status, { hasData: true }), [answer]);
      matches += 1;
    }
  }
  log.info({ calling: callingAe, level, matches }, 'query answered');
  return conclude(signal.aborted ? STATUS.cancelled : STATUS.success);
}

/** The identifier of a query or retrieval, read whole; undefined if it is none. */
export async function readIdentifier(session: Session, { contextId, data }: Message): Promise<Identifier | undefined> {
  const context = session.association.contexts().find(({ id }) => id === contextId);
  const service = context && serviceOf(context.abstractSyntax, session.node.privateClasses);
  const bytes = data && (await gather(data.content, MAX_IDENTIFIER_BYTES));
  if (!bytes || !context || !service || !('root' in service)) return undefined;
  const keys = parseOr(bytes, context.transferSyntax);
  const level = keys && levelOf(keys, service.root);
  return (
    keys &&
    level && { keys, level, transferSyntax: context.transferSyntax, matching: context.extended ? matchingOf(context.extended) : BASELINE }
  );
}

function findRows(db: Db, what: Search, { wanted }: FindKeys): AsyncGenerator<FoundRow[]> {
  const reading = readingFor(wanted.keys(), what);
  return search(db, what, { read: readFound(db, what, reading), attributes: storedAttributes });
}

function parseOr(bytes: Uint8Array, transferSyntax: string): DataSet | undefined {
  try {
    return parseDataSet(bytes, transferSyntax);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

type Answering = { asked: FindKeys; level: Level; aeTitle: string };

/** The attributes that were asked for, empty where there is nothing to say (PS3.4 C.4.1.1.3.2). */
function answerOf(keys: DataSet, row: FoundRow, { asked, level, aeTitle }: Answering): DataSet {
  const held = attributesOfRow(row);
  const given: DicomJson = {};
  for (const [tag, inner] of asked.wanted) {
    const attribute = held[tag];
    if (attribute !== undefined) given[tag] = projected(attribute, inner, itemFilters(asked.filters, tag));
  }
  const answer: DataSet = {};
  for (const [tag, key] of Object.entries(keys)) if (tag !== Tag.SpecificCharacterSet) answer[tag] = { vr: key.vr };
  Object.assign(answer, fromDicomJson(given));
  answer[Tag.QueryRetrieveLevel] = { vr: 'CS', Value: [level] };
  answer[Tag.RetrieveAETitle] = { vr: 'AE', Value: [aeTitle] };
  if (answer[Tag.InstanceAvailability]) answer[Tag.InstanceAvailability] = { vr: 'CS', Value: ['ONLINE'] };
  return answer;
}
