import { connect } from 'node:tls';

/** Longest wait for the receiver, for the connection and for each of its answers. */
const PATIENCE_MS = 20_000;

export type SyslogTarget = {
  host: string;
  port: number;
  /** Certificates that are trusted, PEM; the system's if there is none. */
  ca?: string;
  /** Our own certificate and key, PEM, for a receiver that asks for one. */
  cert?: string;
  key?: string;
};

/**
 * Sends frames over one TLS connection, no faster than the receiver reads, and closes it. Syslog acknowledges nothing; that the receiver
 * closes its side after ours says that it has read everything up to there (RFC 5425 4.4), so this resolves only then.
 *
 * @throws {Error} if the connection or the receiver fails before that: then nothing counts as sent
 */
export async function sendFrames(target: SyslogTarget, frames: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const socket = connect({ ...target, servername: target.host, minVersion: 'TLSv1.2' });
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('The syslog receiver does not answer')));
  // The end of the receiver's side is all that is awaited from it; what it sends is read and dropped.
  socket.resume();
  const ended = new Promise<void>((resolve, reject) => {
    socket.once('end', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The syslog receiver closed the connection')));
  });
  // Heard of by whoever waits for it; while nobody does it is not an error of the process.
  ended.catch(() => undefined);
  const event = (name: 'secureConnect' | 'drain'): Promise<unknown> =>
    Promise.race([new Promise<void>((resolve) => socket.once(name, resolve)), ended.then(refuseEarlyEnd)]);
  try {
    await event('secureConnect');
    for await (const frame of frames) if (!socket.write(frame)) await event('drain');
    socket.end();
    await ended;
  } finally {
    socket.destroy();
  }
}

function refuseEarlyEnd(): never {
  throw new Error('The syslog receiver ended the connection');
}
