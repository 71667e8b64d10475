import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '../../dicom/write.ts';
import {
  APPLICATION_CONTEXT,
  type AssociateAccept,
  type AssociateRequest,
  type ExtendedNegotiation,
  type ProposedContext,
  type Role,
} from './associate-items.ts';
import { type AcceptedContext, MAX_OPERATIONS, MAX_PDU_BYTES } from './association.ts';
import type { Rejection } from './pdu.ts';
import { answerInformation } from './query-negotiation.ts';
import { chooseTransferSyntax, type Service, serviceOf } from './sop-classes.ts';

/** What the other side may do here. */
export type Grants = { may_store: boolean; may_query: boolean; may_retrieve: boolean };
export type LocalNode = { aeTitle: string; privateClasses: ReadonlySet<string> };

/** Results of a presentation context (PS3.8 table 9-18). */
const CONTEXT = { accepted: 0, userRejection: 1, abstractSyntaxNotSupported: 3, transferSyntaxesNotSupported: 4 };

/** Reasons of an A-ASSOCIATE-RJ (PS3.8 table 9-21), with the words for the log. */
export const REJECTIONS = {
  'application-context': { result: 1, source: 1, reason: 2 },
  'calling-ae-title-not-recognized': { result: 1, source: 1, reason: 3 },
  'called-ae-title-not-recognized': { result: 1, source: 1, reason: 7 },
  'protocol-version': { result: 1, source: 2, reason: 2 },
  'local-limit-exceeded': { result: 2, source: 3, reason: 2 },
  'temporary-congestion': { result: 2, source: 3, reason: 1 },
} as const satisfies Record<string, Rejection>;
export type RejectionName = keyof typeof REJECTIONS;

/** Why the request cannot be accepted whoever calls and is called; undefined if it can. */
export function refusalOf(request: AssociateRequest): RejectionName | undefined {
  if ((request.protocolVersion & 1) === 0) return 'protocol-version';
  if (request.applicationContext !== APPLICATION_CONTEXT) return 'application-context';
  return undefined;
}

/** Answers each presentation context by what the caller may do. */
export function negotiate(
  request: AssociateRequest,
  grants: Grants,
  node: LocalNode,
): { answer: AssociateAccept; accepted: AcceptedContext[] } {
  const roles = agreedRoles(request.user.roles, grants, node);
  const outcomes = request.contexts.map((context) => answerContext(context, { grants, node, roles }));
  const extended = answeredExtensions(request.user.extended ?? [], node);
  const window = request.user.asynchronousOperations;
  const answer: AssociateAccept = {
    protocolVersion: 1,
    calledAe: request.calledAe,
    callingAe: request.callingAe,
    applicationContext: request.applicationContext,
    contexts: outcomes.map(({ id, result, transferSyntax }) => ({ id, result, transferSyntax })),
    user: {
      maxPduLength: MAX_PDU_BYTES,
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      implementationVersionName: IMPLEMENTATION_VERSION_NAME,
      // We ask one thing at a time; 0 would mean no limit.
      ...(window ? { asynchronousOperations: { invoked: Math.min(window.invoked || MAX_OPERATIONS, MAX_OPERATIONS), performed: 1 } } : {}),
      roles,
      ...(extended.length > 0 ? { extended } : {}),
    },
  };
  const accepted = outcomes
    .filter(({ result }) => result === CONTEXT.accepted)
    .map(({ id, abstractSyntax, transferSyntax }) => {
      const information = extended.find(({ sopClassUid }) => sopClassUid === abstractSyntax)?.information;
      const context = { id, abstractSyntax, transferSyntax, weSend: isTheirs(roles, abstractSyntax) };
      return information ? { ...context, extended: information } : context;
    });
  return { answer, accepted };
}

/** Queries alone know extensions; without an answer a proposal is refused (PS3.7 D.3.3.5.2). */
function answeredExtensions(proposed: readonly ExtendedNegotiation[], node: LocalNode): ExtendedNegotiation[] {
  return proposed
    .filter(({ sopClassUid }) => serviceOf(sopClassUid, node.privateClasses)?.kind === 'find')
    .map(({ sopClassUid, information }) => ({ sopClassUid, information: answerInformation(information) }));
}

/**
 * Of the roles that the caller asks for: to receive objects takes the right to retrieve, to send them the right to store. The provider of
 * storage commitment, which tells us what it has committed, needs none: it was asked.
 */
function agreedRoles(roles: readonly Role[], grants: Grants, node: LocalNode): Role[] {
  return roles.flatMap(({ sopClassUid, scu, scp }) => {
    const kind = serviceOf(sopClassUid, node.privateClasses)?.kind;
    if (kind === 'storage') return [{ sopClassUid, scu: scu && grants.may_store, scp: scp && grants.may_retrieve }];
    return kind === 'commitment' ? [{ sopClassUid, scu: scu && grants.may_store, scp }] : [];
  });
}

function isTheirs(roles: readonly Role[], sopClassUid: string): boolean {
  return roles.some((role) => role.sopClassUid === sopClassUid && role.scp);
}

type Terms = { grants: Grants; node: LocalNode; roles: readonly Role[] };

function answerContext({ id, abstractSyntax, transferSyntaxes }: ProposedContext, { grants, node, roles }: Terms) {
  // A refused context repeats a syntax that is not looked at.
  const refused = { id, abstractSyntax, transferSyntax: transferSyntaxes[0] ?? '' };
  const service = serviceOf(abstractSyntax, node.privateClasses);
  if (!service) return { ...refused, result: CONTEXT.abstractSyntaxNotSupported };
  if (!isGranted(service, grants) && !isTheirs(roles, abstractSyntax)) return { ...refused, result: CONTEXT.userRejection };
  const transferSyntax = chooseTransferSyntax(service, transferSyntaxes);
  if (!transferSyntax) return { ...refused, result: CONTEXT.transferSyntaxesNotSupported };
  return { id, abstractSyntax, transferSyntax, result: CONTEXT.accepted };
}

function isGranted({ kind }: Service, grants: Grants): boolean {
  if (kind === 'verification') return true;
  if (kind === 'storage' || kind === 'commitment' || kind === 'performed-step') return grants.may_store;
  return kind === 'find' || kind === 'worklist' || kind === 'performed-step-retrieve' ? grants.may_query : grants.may_retrieve;
}
