import { AppError, ERROR_KINDS } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import type { StoreDeps } from '../studies/store-instance.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { answerFind } from './find-scp.ts';
import { COMMANDS, responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { answerGet, answerMove } from './retrieve-scp.ts';
import type { SecureTransport } from './secure-transport.ts';
import type { Session } from './session.ts';
import { type Service, serviceOf } from './sop-classes.ts';
import { answerStore } from './store-scp.ts';
import type { Timeouts } from './timeouts.ts';

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

type Operation = 'c-echo' | 'c-store' | 'c-find' | 'c-move' | 'c-get';
const SERVED: Record<number, { operation: Operation; kind: Service['kind'] }> = {
  [COMMANDS['c-echo']]: { operation: 'c-echo', kind: 'verification' },
  [COMMANDS['c-store']]: { operation: 'c-store', kind: 'storage' },
  [COMMANDS['c-find']]: { operation: 'c-find', kind: 'find' },
  [COMMANDS['c-move']]: { operation: 'c-move', kind: 'move' },
  [COMMANDS['c-get']]: { operation: 'c-get', kind: 'get' },
};

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
      const served = SERVED[message.head.field];
      const context = association.contexts().find(({ id }) => id === message.contextId);
      const service = context && serviceOf(context.abstractSyntax, node.privateClasses);
      if (!served || served.kind !== service?.kind) {
        log.warn({ calling: session.callingAe, command: message.head.field }, 'operation not served');
        refuse(message, STATUS.unrecognizedOperation, 'Not an operation of this SOP class here');
      } else if (served.operation === 'c-store') {
        run(message, () => answerStore(deps, session, message));
      } else if (served.operation === 'c-echo') {
        message.data?.discard();
        association.operate(() => association.send(message.contextId, responseTo(message.command, STATUS.success)));
      } else if (served.operation === 'c-find') {
        runLong(message, (signal) => answerFind(deps, session, { message, signal }));
      } else if (served.operation === 'c-move') {
        runLong(message, (signal) => answerMove(deps, session, { message, signal }));
      } else {
        runLong(message, (signal) => answerGet(deps, session, { message, signal }));
      }
    },
    cancelAll() {
      for (const controller of running.values()) controller.abort();
    },
  };
}
