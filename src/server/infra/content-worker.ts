import { closeSync, fdatasync, fsync, openSync, renameSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { parentPort } from 'node:worker_threads';
import { flagsOf, modifiedAtOf, type NewFile, writeContent } from './content-writer.ts';

/** To the thread. A write begins with its first piece; pieces lie in memory that both sides see. */
export type ContentOrder =
  | { task: number; begin?: NewFile; piece: Uint8Array; isLast: boolean }
  | { task: number; isAborted: true }
  | { task: number; from: string; to: string };
/** From the thread: `taken` for each piece whose memory can be used again, then one answer to the task. */
export type ContentAnswer =
  | { task: number; taken: true }
  | { task: number; key: string; size: number }
  | { task: number; modifiedAt: Date }
  | { task: number; problem: { message: string; code: string | undefined } };

const syncFile = promisify(fdatasync);
const syncFolder = promisify(fsync);
const answer = (message: ContentAnswer): void => parentPort?.postMessage(message);

type Piece = { bytes: Uint8Array; isLast: boolean };
/** What has come of a write and not been asked for. */
type Inbox = { pieces: Piece[]; isAborted: boolean; wake: () => void };
const inboxes = new Map<number, Inbox>();

// Does for the server's thread what takes it most of the time of a put: hashing, sealing and waking other threads for each call of the system.
parentPort?.on('message', (order: ContentOrder) => {
  if ('piece' in order) takePiece(order);
  else if ('from' in order) void answering(order.task, () => settle(order));
  else {
    const inbox = inboxes.get(order.task);
    if (inbox) inbox.isAborted = true;
    inbox?.wake();
  }
});

function takePiece({ task, begin, piece: bytes, isLast }: Extract<ContentOrder, { piece: Uint8Array }>): void {
  const inbox = inboxes.get(task) ?? { pieces: [], isAborted: false, wake: () => {} };
  // A write that failed has none any more: what still comes for it is not looked at.
  if (begin) inboxes.set(task, inbox);
  else if (!inboxes.has(task)) return;
  inbox.pieces.push({ bytes, isLast });
  inbox.wake();
  if (begin) void answering(task, () => write(begin, piecesOf(task, inbox)).finally(() => inboxes.delete(task)));
}

async function answering(task: number, work: () => Promise<{ key: string; size: number } | { modifiedAt: Date }>): Promise<void> {
  try {
    answer({ task, ...(await work()) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    answer({ task, problem: { message: error instanceof Error ? error.message : 'unknown', code } });
  }
}

async function write(file: NewFile, content: AsyncIterable<Uint8Array>): Promise<{ key: string; size: number }> {
  const fd = openSync(file.path, flagsOf(file));
  try {
    const written = await writeContent({ opened: async () => fd, isDirect: file.isDirect }, content, file.sealing);
    await syncFile(fd);
    closeSync(fd);
    return written;
  } catch (error) {
    closeSync(fd);
    unlinkSync(file.path);
    throw error;
  }
}

async function settle({ from, to }: { from: string; to: string }): Promise<{ modifiedAt: Date }> {
  renameSync(from, to);
  const modifiedAt = modifiedAtOf(to);
  // Windows has no such call and journals names itself.
  if (process.platform === 'win32') return { modifiedAt };
  const folder = openSync(dirname(to), 'r');
  try {
    await syncFolder(folder);
  } finally {
    closeSync(folder);
  }
  return { modifiedAt };
}

async function* piecesOf(task: number, inbox: Inbox): AsyncGenerator<Uint8Array> {
  for (let isLast = false; !isLast; ) {
    if (inbox.isAborted) throw new Error('The source of the content failed');
    const piece = inbox.pieces.shift();
    if (piece) {
      yield piece.bytes;
      answer({ task, taken: true });
      isLast = piece.isLast;
    } else
      await new Promise<void>((resolve) => {
        inbox.wake = resolve;
      });
  }
}
