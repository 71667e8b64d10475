import type { Socket } from 'node:net';
import type { DataSet } from '../../dicom/data-set.ts';
import { AppError } from '../platform/errors.ts';
import { writeCommand } from './message.ts';
import { PDV_HEADER_BYTES, writeData } from './pdu.ts';

/** Less than this could not even hold a header with some data. */
const LEAST_PDU_BYTES = 64;

/** The content of a data set to send, in pieces. */
export type Content = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export type MessageSender = {
  /** Sends one message after those before it. @throws {AppError} `unavailable` if the association ends */
  send(contextId: number, command: DataSet, data?: Content): Promise<void>;
  /** Longest P-DATA-TF that the peer takes, in bytes without header. */
  limit(maxPduBytes: number): void;
};

/**
 * Sends messages one after the other as fast as the peer takes them; destroys the socket if it takes nothing for `stallMs`. `onBroken` is
 * told when the content of a message fails after its beginning was sent: nothing sensible can follow.
 */
export function openMessageSender(
  socket: Socket,
  options: { stallMs: number; isOpen: () => boolean; onBroken: () => void },
): MessageSender {
  let pieceBytes = 16_384 - PDV_HEADER_BYTES;
  let last: Promise<void> = Promise.resolve();

  const flush = async (bytes: Uint8Array): Promise<void> => {
    if (!options.isOpen()) throw associationEnded();
    if (socket.write(bytes)) return;
    await drained(socket, options.stallMs);
  };
  const sendPieces = async (contextId: number, isCommand: boolean, content: Content): Promise<void> => {
    // The last piece is marked, so one is always held back.
    let held: Uint8Array = new Uint8Array(0);
    for await (const piece of content) {
      for (let start = 0; start < piece.length; start += pieceBytes) {
        if (held.length > 0) await flush(writeData(contextId, { isCommand, isLast: false }, held));
        held = piece.subarray(start, start + pieceBytes);
      }
    }
    await flush(writeData(contextId, { isCommand, isLast: true }, held));
  };
  const sendNow = async (contextId: number, command: DataSet, data?: Content): Promise<void> => {
    try {
      await sendPieces(contextId, true, [writeCommand(command)]);
      if (data) await sendPieces(contextId, false, data);
    } catch (error) {
      options.onBroken();
      throw error;
    }
  };
  return {
    send(contextId, command, data) {
      const turn = last.then(() => sendNow(contextId, command, data));
      last = turn.catch(() => undefined);
      return turn;
    },
    limit(maxPduBytes) {
      pieceBytes = Math.max(LEAST_PDU_BYTES, maxPduBytes) - PDV_HEADER_BYTES;
    },
  };
}

export function associationEnded(): AppError {
  return new AppError('unavailable', 'The association ended');
}

async function drained(socket: Socket, stallMs: number): Promise<void> {
  const stalled = setTimeout(() => socket.destroy(), stallMs);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
    if (socket.destroyed) done();
  });
  clearTimeout(stalled);
  if (socket.destroyed) throw associationEnded();
}
