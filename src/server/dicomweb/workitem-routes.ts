import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as ups from '../../contract/ups.ts';
import { type DicomJson, stringifyDicomJson } from '../../dicom/dicom-json.ts';
import { writeNativeXml } from '../../dicom/dicom-xml.ts';
import { isValidUid } from '../../dicom/uids.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { serve } from '../platform/route.ts';
import { choose, partType, takes } from './accept.ts';
import { dataSetOf, JSON_TYPE, XML_TYPE } from './data-set-body.ts';
import { acceptedBy, baseOf } from './request-parts.ts';
import { sendParts } from './retrieve-routes.ts';
import { textOf, Ups } from './workitem-attributes.ts';
import { searchWorkitems, workitemFilters } from './workitem-search.ts';
import type { WorkitemState } from './workitem-state.ts';
import { subscribe, suspend, unsubscribe } from './workitem-subscriptions.ts';
import { changeWorkitemState, createWorkitem, getWorkitem, requestCancellation, updateWorkitem } from './workitems.ts';
import { FILTERED_WORKLIST } from './worklist-uids.ts';

type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** The worklist: UPS-RS (PS3.18 11). */
export function workitemRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  // Data sets are as large as a JSON body may be.
  http.addContentTypeParser([JSON_TYPE, XML_TYPE], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  worklistRoutes(http, now);
  subscriberRoutes(http, now);
}

function worklistRoutes(http: FastifyInstance, now: () => Date): void {
  serve(http, ups.createWorkitem, async (call) => {
    const { request, reply, scope } = call;
    return warned(call, async () => {
      const json = dataSetOf(request);
      const uid = newWorkitemUid(request, json);
      await createWorkitem({ ...scope, now }, { uid, json });
      return reply
        .status(201)
        .header('location', `${baseOf(request)}/workitems/${uid}`)
        .send();
    });
  });
  serve(http, ups.searchWorkitems, async ({ request, reply, scope }) => {
    const format = formatOf(request);
    const found = await searchWorkitems(scope.db, request.query as Readonly<Record<string, unknown>>);
    if (found.length === 0) return reply.status(204).send();
    if (format === 'json') return reply.type(JSON_TYPE).send(Buffer.from(`[${found.map(stringifyDicomJson).join(',')}]`));
    return sendParts(
      reply,
      XML_TYPE,
      found.map((json) => ({ contentType: XML_TYPE, body: Buffer.from(writeNativeXml(json)) })),
    );
  });
  serve(http, ups.retrieveWorkitem, async ({ params, request, reply, scope }) => {
    const format = formatOf(request);
    const { json } = await getWorkitem(scope.db, params.workitem);
    reply.header('cache-control', 'no-store');
    if (format === 'xml') return reply.type(XML_TYPE).send(Buffer.from(writeNativeXml(json)));
    return reply.type(JSON_TYPE).send(Buffer.from(`[${stringifyDicomJson(json)}]`));
  });
  serve(http, ups.updateWorkitem, async (call) =>
    warned(call, async () => {
      const changes = dataSetOf(call.request);
      if (Object.keys(changes).length === 0) throw new AppError('invalid-request', 'The body holds no attributes');
      const transaction = transactionOf(call.request, changes);
      await updateWorkitem({ ...call.scope, now }, call.params.workitem, { changes, transaction });
      return located(call);
    }),
  );
  serve(http, ups.changeWorkitemState, async (call) =>
    warned(call, async () => {
      const json = dataSetOf(call.request);
      const state = stateOf(json);
      const [transaction, performer] = [textOf(json, Ups.TransactionUID) || undefined, call.principal.id];
      const result = await changeWorkitemState({ ...call.scope, now }, call.params.workitem, { state, transaction, performer });
      if (result === 'done') warn(call, `The UPS is already in the requested state of ${state}`);
      return located(call);
    }),
  );
  serve(http, ups.requestWorkitemCancellation, async (call) =>
    warned(call, async () => {
      await requestCancellation({ ...call.scope, now }, call.params.workitem, dataSetOf(call.request));
      return located(call).status(202);
    }),
  );
}

function subscriberRoutes(http: FastifyInstance, now: () => Date): void {
  serve(http, ups.subscribeToWorkitem, async ({ params, query, request, reply, scope }) => {
    const { workitem: uid, aetitle: aeTitle } = params;
    const filters = workitemFilters(request.query as Readonly<Record<string, unknown>>);
    if (filters.length > 0 && uid !== FILTERED_WORKLIST) throw new AppError('invalid-request', 'Only the filtered worklist has a filter');
    await subscribe({ ...scope, now }, { uid, aeTitle, deletionLock: query.deletionlock === true, filters });
    const channel = `${baseOf(request).replace(/^http/, 'ws')}/subscribers/${encodeURIComponent(aeTitle)}`;
    return reply.status(201).header('content-location', channel).send();
  });
  serve(http, ups.unsubscribeFromWorkitem, async ({ params, reply, scope }) => {
    await unsubscribe({ ...scope, now }, { uid: params.workitem, aeTitle: params.aetitle });
    return reply.status(200).send();
  });
  serve(http, ups.suspendSubscription, async ({ params, reply, scope }) => {
    await suspend({ ...scope, now }, { uid: params.workitem, aeTitle: params.aetitle });
    return reply.status(200).send();
  });
}

/** Says in the header `Warning` why a state does not allow something, as PS3.18 11 has it. */
async function warned(exchange: Exchange, run: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && error.kind === 'wrong-state') warn(exchange, error.message);
    throw error;
  }
}

function warn({ request, reply }: Exchange, text: string): void {
  reply.header('warning', `299 ${baseOf(request)} "${text}"`);
}

function located({ request, reply, params }: Exchange & { params: { workitem: string } }): FastifyReply {
  return reply
    .status(200)
    .header('content-location', `${baseOf(request)}/workitems/${params.workitem}`)
    .send();
}

function formatOf(request: FastifyRequest): 'json' | 'xml' {
  return choose(acceptedBy(request), (range) => {
    if (takes(range.type, JSON_TYPE) || range.type === 'application/json') return 'json' as const;
    return takes(partType(range) ?? range.type, XML_TYPE) ? ('xml' as const) : undefined;
  });
}

/** The UID of a new workitem: of the query, or of its attributes, or a new one. @throws {AppError} `invalid-request` */
function newWorkitemUid(request: FastifyRequest, json: DicomJson): string {
  const made = `2.25.${BigInt(`0x${newId().replaceAll('-', '')}`)}`;
  const uid = (named(request, ['workitem', 'AffectedSOPInstanceUID']) ?? textOf(json, Ups.SOPInstanceUID)) || made;
  if (!isValidUid(uid)) throw new AppError('invalid-request', 'The UID of the workitem is none');
  return uid;
}

function transactionOf(request: FastifyRequest, json: DicomJson): string | undefined {
  return named(request, ['transaction-uid', 'transaction', 'TransactionUID']) ?? (textOf(json, Ups.TransactionUID) || undefined);
}

/** A UID in the query under one of these names, or alone, as the standard writes it. */
function named(request: FastifyRequest, names: readonly string[]): string | undefined {
  const query = request.query as Readonly<Record<string, unknown>>;
  const value = names.map((name) => query[name]).find((found) => found !== undefined);
  if (value !== undefined) return String(value);
  return Object.keys(query).find((name) => /^[0-9.]{1,64}$/.test(name) && query[name] === '');
}

function stateOf(json: DicomJson): WorkitemState {
  const state = textOf(json, Ups.ProcedureStepState);
  if (state === 'SCHEDULED' || state === 'IN PROGRESS' || state === 'COMPLETED' || state === 'CANCELED') return state;
  throw new AppError('invalid-request', 'The Procedure Step State is missing, or none');
}
