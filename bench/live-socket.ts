import { connect, type Socket } from 'node:net';

// A WebSocket client that takes as little of the CPUs as one can: it reads what comes from one buffer for all connections, looks at the
// first bytes of a message, and builds nothing.

/** What `read` leaves of a message that came in several pieces is kept; nobody else does. */
const SHARED = Buffer.allocUnsafe(262_144);
const HEADER_END = Buffer.from('\r\n\r\n');
const ACCEPTED = 'HTTP/1.1 101';
/** Final frame, pong, masked with zeros, empty (RFC 6455 5.2 and 5.5.3). */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;

/** Where to connect to: an address, and the headers that let in. */
export type Door = { url: string; headers: Record<string, string> };
export type Handler = {
  /** A text message, JSON in UTF-8; the bytes are there during the call only. */
  message(text: Buffer): void;
  /** However it ended; once. */
  end(): void;
};
export type LiveSocket = { cut(): void };

export function openLiveSocket({ url, headers }: Door, path: string, handler: Handler): LiveSocket {
  const { hostname, port } = new URL(url);
  const reader = openReader(handler, () => socket);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer: SHARED, callback: reader } });
  const lines = Object.entries({
    host: `${hostname}:${port}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'aXNvY2VudGVyLWJlbmNoLQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => {});
  socket.once('close', handler.end);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return { cut: () => socket.destroy() };
}

/** Takes what comes over one connection apart. */
function openReader(handler: Handler, socketOf: () => Socket): (length: number, buffer: Uint8Array) => boolean {
  let rest: Buffer | undefined;
  let isOpen = false;
  return (length) => {
    const came = SHARED.subarray(0, length);
    const bytes = rest ? Buffer.concat([rest, came]) : came;
    let at = 0;
    if (!isOpen) {
      const end = bytes.indexOf(HEADER_END);
      if (end < 0) return keep(bytes);
      if (bytes.toString('latin1', 0, ACCEPTED.length) !== ACCEPTED) return refuse(bytes, socketOf());
      isOpen = true;
      at = end + HEADER_END.length;
    }
    at = readFrames(bytes, at, { handler, socket: socketOf() });
    return keep(bytes.subarray(at));
  };

  function keep(left: Buffer): boolean {
    rest = left.length > 0 ? Buffer.from(left) : undefined;
    return true;
  }
}

/** @returns up to where there were whole frames */
function readFrames(bytes: Buffer, from: number, { handler, socket }: { handler: Handler; socket: Socket }): number {
  let at = from;
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const start = at + 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (start > bytes.length) break;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    if (start + length > bytes.length) break;
    const opcode = (bytes[at] ?? 0) & 0x0f;
    if (opcode === TEXT) handler.message(bytes.subarray(start, start + length));
    else if (opcode === PING) socket.write(PONG);
    else if (opcode === CLOSE) socket.destroy();
    at = start + length;
  }
  return at;
}

function refuse(answer: Buffer, socket: Socket): boolean {
  const [line = ''] = answer.toString('latin1').split('\r\n');
  // A server that is stopping refuses; whoever asks for what it may not have is told why.
  if (!line.includes(' 503 ')) console.error(`No WebSocket: ${line}`);
  socket.destroy();
  return false;
}
