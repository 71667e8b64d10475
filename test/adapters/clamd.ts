import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** The harmless text that every scanner reports (https://www.eicar.org/download-anti-malware-testfile), put together here so that no scanner minds this file. */
export const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

export type ClamdServer = {
  address: string;
  /** Bytes that the last session sent. */
  received(): Buffer;
  close(): Promise<void>;
};

/**
 * A scanner that speaks the INSTREAM command as clamd(8) describes it: pieces with a length of 4 bytes, big-endian, a length of 0 at the
 * end. It knows one signature, EICAR's.
 *
 * @param where a port on loopback unless a path for a Unix socket is given; `limit` is its StreamMaxLength
 */
export async function openClamd({ path, limit = 26_214_400 }: { path?: string; limit?: number } = {}): Promise<ClamdServer> {
  let received = Buffer.alloc(0);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let pending = Buffer.alloc(0);
    let content: Buffer[] | undefined;
    const answer = (text: string): void => {
      received = Buffer.concat(content ?? []);
      socket.end(`${text}\0`);
    };
    socket.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      if (!content) {
        const end = pending.indexOf(0);
        if (end < 0) return;
        if (pending.toString('latin1', 0, end) !== 'zINSTREAM') return answer('UNKNOWN COMMAND');
        pending = pending.subarray(end + 1);
        content = [];
      }
      while (pending.length >= 4 && !socket.writableEnded) {
        const length = pending.readUInt32BE(0);
        if (length === 0) return answer(Buffer.concat(content).includes(EICAR) ? 'stream: Eicar-Signature FOUND' : 'stream: OK');
        if (pending.length < 4 + length) return;
        content.push(pending.subarray(4, 4 + length));
        pending = pending.subarray(4 + length);
        const size = content.reduce((sum, part) => sum + part.length, 0);
        if (size > limit) answer('INSTREAM size limit exceeded. ERROR');
      }
    });
  });
  await new Promise<void>((resolve) => (path === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve)));
  return {
    address: path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
