import { AppError, ERROR_KINDS } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import type { StoreDeps } from '../studies/store-instance.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { answerCommitment } from './commitment-scp.ts';
import { answerFind, type Request } from './find-scp.ts';
import { COMMANDS, responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { answerStepAsked } from './performed-step-retrieve-scp.ts';
import { answerStepChanged, answerStepCreated } from './performed-step-scp.ts';
import { answerReport } from './request-commitment.ts';
import { answerGet, answerMove } from './retrieve-scp.ts';
import type { SecureTransport } from './secure-transport.ts';
import type { Session } from './session.ts';
import { type Service, serviceOf } from './sop-classes.ts';
import { answerStore } from './store-scp.ts';
import type { Timeouts } from './timeouts.ts';
import { answerWorklist } from './worklist-scp.ts';

/** The parts of the tenant that the association was for, and what all share. */
export type ServeDeps = StoreDeps & {
  db: Db;
  blobs: BlobStore;
  transcoder: Transcoder;
  timeouts: Timeouts;
  transport?: SecureTransport | undefined;
};

/** Most queries and retrievals of one association at a time; more are told to come later. */
const MAX_LONG_OPERATIONS = 1;

/** Answers the requests of one association. */
export type RequestServer = {
  take(message: Message): void;
  /** Ends what takes long, as if the peer had cancelled it. */
  cancelAll(): void;
};

/** How long a request takes: `long` ones can be cancelled, and are limited. */
type Serving =
  | { length: 'short'; answer: (deps: ServeDeps, session: Session, message: Message) => Promise<void> }
  | { length: 'long'; answer: (deps: ServeDeps, session: Session, request: Request) => Promise<void> };
const short = (answer: Extract<Serving, { length: 'short' }>['answer']): Serving => ({ length: 'short', answer });
const long = (answer: Extract<Serving, { length: 'long' }>['answer']): Serving => ({ length: 'long', answer });

/** What is done for which request of which service. */
const SERVED: Readonly<Record<Service['kind'], Partial<Record<number, Serving>>>> = {
  verification: { [COMMANDS['c-echo']]: short(answerEcho) },
  storage: { [COMMANDS['c-store']]: short(answerStore) },
  find: { [COMMANDS['c-find']]: long(answerFind) },
  move: { [COMMANDS['c-move']]: long(answerMove) },
  get: { [COMMANDS['c-get']]: long(answerGet) },
  worklist: { [COMMANDS['c-find']]: long(answerWorklist) },
  commitment: { [COMMANDS['n-action']]: short(answerCommitment), [COMMANDS['n-event-report']]: short(takeReport) },
  'performed-step': { [COMMANDS['n-create']]: short(answerStepCreated), [COMMANDS['n-set']]: short(answerStepChanged) },
  'performed-step-retrieve': { [COMMANDS['n-get']]: short(answerStepAsked) },
};

async function answerEcho(_deps: ServeDeps, { association }: Session, { contextId, command, data }: Message): Promise<void> {
  data?.discard();
  await association.send(contextId, responseTo(command, STATUS.success));
}

/** What a peer says of objects that it was asked to commit. */
async function takeReport(deps: ServeDeps, { association, callingAe }: Session, message: Message): Promise<void> {
  await answerReport(deps, association, { message, aeTitle: callingAe });
}

export function openRequestServer(deps: ServeDeps, session: Session): RequestServer {
  const { association, node, log } = session;
  const running = new Map<number, AbortController>();

  const refuse = (message: Message, status: number, comment: string): void => {
    message.data?.discard();
    association.operate(() => association.send(message.contextId, responseTo(message.command, status, { comment })));
  };
  /** Runs an operation; what fails unexpectedly is logged, without its message, and told as a processing failure. */
  const run = (message: Message, answer: () => Promise<void>): void => {
    association.operate(async () => {
      try {
        await answer();
      } catch (error) {
        message.data?.discard();
        if (!association.isOpen()) return;
        const kind = error instanceof AppError ? error.kind : 'internal';
        log.error({ calling: session.callingAe, kind, error: error instanceof Error ? error.name : 'unknown' }, 'operation failed');
        await association.send(message.contextId, responseTo(message.command, ERROR_KINDS[kind].dimse));
      }
    });
  };
  const runLong = (message: Message, answer: (signal: AbortSignal) => Promise<void>): void => {
    if (running.size >= MAX_LONG_OPERATIONS) {
      refuse(message, STATUS.outOfResources, 'Another query or retrieval is under way');
      return;
    }
    const controller = new AbortController();
    running.set(message.head.messageId, controller);
    run(message, async () => {
      try {
        session.audit.requireWritable();
        await answer(controller.signal);
      } finally {
        running.delete(message.head.messageId);
      }
    });
  };

  return {
    take(message) {
      if (message.head.field === COMMANDS['c-cancel']) {
        message.data?.discard();
        running.get(message.head.respondsTo)?.abort();
        return;
      }
      const context = association.contexts().find(({ id }) => id === message.contextId);
      const service = context && serviceOf(context.abstractSyntax, node.privateClasses);
      const served = service && SERVED[service.kind][message.head.field];
      if (!served) {
        log.warn({ calling: session.callingAe, command: message.head.field }, 'operation not served');
        session.audit.refused('associate', 'DIMSE', 'invalid-request');
        refuse(message, STATUS.unrecognizedOperation, 'Not an operation of this SOP class here');
      } else if (served.length === 'short') run(message, () => served.answer(deps, session, message));
      else runLong(message, (signal) => served.answer(deps, session, { message, signal }));
    },
    cancelAll() {
      for (const controller of running.values()) controller.abort();
    },
  };
}
