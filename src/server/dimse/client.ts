import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DataSet } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ImplicitVrLittleEndian } from '../../dicom/uids.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '../../dicom/write.ts';
import { AppError } from '../platform/errors.ts';
import { APPLICATION_CONTEXT, type AssociateAccept, type AssociateRequest, type ProposedContext, type Role } from './associate-items.ts';
import { type AcceptedContext, Association, MAX_PDU_BYTES } from './association.ts';
import { STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { REJECTIONS } from './negotiate.ts';
import type { Rejection } from './pdu.ts';
import type { SecureTransport } from './secure-transport.ts';
import { Verification } from './sop-classes.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';

/** Where an application listens. */
export type Remote = { ae_title: string; host: string; port: number; tls: number };
/** How we are known, and how associations over TLS are made. */
export type Caller = { callingAe: string; transport?: SecureTransport | undefined; timeouts?: Timeouts };
export type OpenOptions = Caller & {
  contexts: ProposedContext[];
  /** Parts other than that of the user of a service. */
  roles?: Role[];
  /** What the peer asks of us, where we take the part of a provider. */
  onRequest?(association: Association, message: Message): void;
};
export type EchoResult = { ok: boolean; detail: string; duration_ms: number };

/** An application that does not answer a sign of life in this long is not there for a person who waits. */
const ECHO_TIMEOUTS: Timeouts = { artimMs: 5_000, stallMs: 5_000, idleMs: 5_000, responseMs: 5_000 };

/**
 * Opens an association to an application. With `tls` its certificate must be valid for the host under the authorities of `transport`, or
 * without it under the system's.
 *
 * @throws {AppError} `unavailable` if it cannot be reached or refuses, with the reason
 */
export async function openAssociation(remote: Remote, options: OpenOptions): Promise<Association> {
  const { contexts, timeouts = TIMEOUTS } = options;
  const socket = connectTo(remote, options);
  return new Promise((resolve, reject) => {
    let failure = new AppError('unavailable', `${remote.ae_title} does not answer`);
    socket.once('error', (error) => {
      failure = new AppError('unavailable', `${remote.ae_title} cannot be reached: ${reasonOf(error)}`);
    });
    const association = new Association(socket, {
      side: 'requestor',
      timeouts,
      events: {
        onAnswer: (answer) => {
          if ('result' in answer) failure = new AppError('unavailable', `${remote.ae_title} refuses: ${nameOf(answer)}`);
          else resolve(established(association, answer, contexts));
        },
        onRequest: (message) => {
          if (options.onRequest) return options.onRequest(association, message);
          // Nobody was given the part of a provider here.
          message.data?.discard();
          association.abort();
        },
        onClose: () => reject(failure),
      },
    });
    whenConnected(socket, remote, () => association.propose(requestFor(remote, options)));
  });
}

/** Asks for a sign of life; what goes wrong is part of the answer. */
export async function echoOnce(remote: Remote, caller: Caller): Promise<EchoResult> {
  const start = performance.now();
  const result = (ok: boolean, detail: string) => ({ ok, detail, duration_ms: Math.round(performance.now() - start) });
  try {
    const contexts = [{ id: 1, abstractSyntax: Verification, transferSyntaxes: [ImplicitVrLittleEndian] }];
    const association = await openAssociation(remote, { timeouts: ECHO_TIMEOUTS, ...caller, contexts });
    const [context] = association.contexts();
    if (!context) {
      association.abort();
      return result(false, 'Verification is not supported');
    }
    const fields: DataSet = { [Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [Verification] } };
    const { head } = await association.request(context.id, 'c-echo', fields);
    association.release();
    return result(head.status === STATUS.success, head.status === STATUS.success ? 'Success' : `Status ${head.status.toString(16)}`);
  } catch (error) {
    if (error instanceof AppError) return result(false, error.message);
    throw error;
  }
}

function connectTo({ host, port, tls }: Remote, { transport }: OpenOptions): Socket {
  if (tls !== 1) return connect({ host, port });
  // A name that is an address may not be sent (RFC 6066 section 3); it is compared with the certificate all the same.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ minVersion: 'TLSv1.2', ...transport?.forClient(), host, port, ...servername });
}

function whenConnected(socket: Socket, { tls }: Remote, act: () => void): void {
  socket.once(tls === 1 ? 'secureConnect' : 'connect', act);
}

function requestFor(remote: Remote, { callingAe, contexts, roles = [] }: OpenOptions): AssociateRequest {
  return {
    protocolVersion: 1,
    calledAe: remote.ae_title,
    callingAe,
    applicationContext: APPLICATION_CONTEXT,
    contexts,
    user: {
      maxPduLength: MAX_PDU_BYTES,
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      implementationVersionName: IMPLEMENTATION_VERSION_NAME,
      roles,
    },
  };
}

/** The contexts that the peer accepted with a syntax that we proposed. */
function established(association: Association, answer: AssociateAccept, proposed: ProposedContext[]): Association {
  const accepted = answer.contexts.flatMap(({ id, result, transferSyntax }): AcceptedContext[] => {
    const context = proposed.find((one) => one.id === id);
    if (result !== 0 || !context?.transferSyntaxes.includes(transferSyntax)) return [];
    return [{ id, abstractSyntax: context.abstractSyntax, transferSyntax, weSend: true }];
  });
  association.establish(accepted, answer.user.maxPduLength);
  return association;
}

function nameOf(rejection: Rejection): string {
  const known = Object.entries(REJECTIONS).find(([, { source, reason }]) => source === rejection.source && reason === rejection.reason);
  return known?.[0] ?? `result ${rejection.result}, source ${rejection.source}, reason ${rejection.reason}`;
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'no connection';
}
