import { createConnection, type Socket } from 'node:net';
import { AppError } from '../platform/errors.ts';
import type { Scan } from '../platform/ports.ts';

/** Without an answer or progress for this long, the scanner counts as down. */
const IDLE_MS = 60_000;
/** Largest piece that is sent at once. */
const PIECE_BYTES = 1_048_576;
const MAX_ANSWER_BYTES = 4_096;

export type ClamavOptions = {
  /** `host:port`, or the path of a Unix socket. */
  address: string;
  /** What happens to content that could not be scanned: refused, or taken as it is. */
  whenDown: 'refuse' | 'accept';
  /** Told of each content that was taken without a scan; the reason holds nothing of it. */
  onSkipped?: (reason: string) => void;
};

/**
 * Scans by ClamAV's daemon with its INSTREAM command (clamd(8)): content goes to the scanner as it passes, and the last piece is given on
 * only after the verdict, so that whoever stores it stores all of it or nothing. Memory does not grow with the content.
 */
export function openClamav({ address, whenDown, onSkipped = () => undefined }: ClamavOptions): Scan {
  return async function* scan(content) {
    const daemon = connect(address);
    // Not `for await`: whoever stops reading here may still read the rest of the source.
    const source = content[Symbol.asyncIterator]();
    let last: Uint8Array | undefined;
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) {
        // Copied: it is kept beyond its turn, and whoever gave it may use its memory again.
        const kept = Buffer.from(next.value);
        await daemon.send(kept);
        if (last) yield last;
        last = kept;
      }
      const verdict = await daemon.finish();
      if (verdict.infected) throw new AppError('infected', `The virus scanner found ${verdict.signature}`);
      if (verdict.failure !== undefined) {
        if (whenDown === 'refuse') throw new AppError('unavailable', `The virus scanner could not check this: ${verdict.failure}`);
        onSkipped(verdict.failure);
      }
      if (last) yield last;
    } finally {
      daemon.close();
    }
  };
}

type Verdict = { infected: true; signature: string } | { infected: false; failure?: string };
type Daemon = { send(piece: Uint8Array): Promise<void>; finish(): Promise<Verdict>; close(): void };

function connect(address: string): Daemon {
  const socket = openSocket(address);
  let answer = '';
  let failure: string | undefined;
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.setEncoding('latin1').setTimeout(IDLE_MS);
  socket.on('data', (text: string) => {
    answer = (answer + text).slice(0, MAX_ANSWER_BYTES);
  });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error.code ?? error.message;
  });
  // z: commands and answers end with a zero byte.
  socket.write('zINSTREAM\0');

  const send = async (piece: Uint8Array): Promise<void> => {
    for (let from = 0; from < piece.length; from += PIECE_BYTES) {
      const part = piece.subarray(from, from + PIECE_BYTES);
      // The daemon may have answered already (too large, out of memory) and closed; then the rest is not sent.
      if (socket.destroyed || !socket.writable || answer !== '') return;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      socket.write(length);
      if (!socket.write(part)) await drained(socket);
    }
  };
  const finish = async (): Promise<Verdict> => {
    if (socket.writable) socket.end(Buffer.alloc(4));
    await ended;
    return verdictOf(answer, failure);
  };
  return { send, finish, close: () => socket.destroy() };
}

function openSocket(address: string): Socket {
  const [, host, port] = /^(?:tcp:\/\/)?([^/]+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined) return createConnection({ path: address.replace(/^unix:/, '') });
  return createConnection({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) });
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

/** `stream: OK`, `stream: <signature> FOUND`, or `… ERROR`. */
function verdictOf(answer: string, failure: string | undefined): Verdict {
  const text = (answer.split('\0', 1)[0] ?? '').trim();
  const [, signature] = /^stream: (.+) FOUND$/.exec(text) ?? [];
  if (signature !== undefined) return { infected: true, signature: signature.slice(0, 200) };
  if (text === 'stream: OK') return { infected: false };
  return { infected: false, failure: /ERROR$/.test(text) ? text.slice(0, 200) : (failure ?? 'no answer') };
}
