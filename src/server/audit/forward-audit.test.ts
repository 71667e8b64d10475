import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, openTestTrail, type TestTrail } from '../../../test/audit.ts';
import { newCertificate, type TestCertificate } from '../../../test/certificate.ts';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import { type ForwardDeps, forwardAudit } from './forward-audit.ts';
import { sendFrames } from './syslog-client.ts';

/** An audit repository: takes syslog over TLS, and keeps what it read whole. */
type Receiver = {
  port: number;
  messages: string[];
  /** Bytes after which the next connections break off; undefined for none. */
  breakAfter: number | undefined;
  /** False: the next connections are not read until `resume`. */
  isReading: boolean;
  resume(): void;
  close(): Promise<void>;
};

async function openReceiver({ cert, key }: TestCertificate, port = 0): Promise<Receiver> {
  const open = new Set<TLSSocket>();
  const receiver: Receiver = {
    port,
    messages: [],
    breakAfter: undefined,
    isReading: true,
    resume: () => {
      for (const socket of open) socket.resume();
    },
    close: async () => undefined,
  };
  const server: Server = createServer({ cert, key }, (socket) => {
    open.add(socket);
    const pieces: Buffer[] = [];
    let size = 0;
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (receiver.breakAfter !== undefined && size > receiver.breakAfter) socket.destroy();
    });
    if (!receiver.isReading) socket.pause();
    socket.on('end', () => {
      receiver.messages.push(...readFrames(Buffer.concat(pieces)));
      socket.end();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  receiver.port = (server.address() as AddressInfo).port;
  receiver.close = async () => {
    for (const socket of open) socket.destroy();
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  return receiver;
}

/** Octet counting (RFC 5425 4.3): the length in decimals, a space, and so many bytes. */
function readFrames(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString());
    messages.push(bytes.subarray(space + 1, space + 1 + length).toString());
    at = space + 1 + length;
  }
  return messages;
}

const certificate = newCertificate();
let database: TestDatabase;
let test: TestTrail;
let receiver: Receiver;
let deps: ForwardDeps;
beforeEach(async () => {
  database = await openTestSqlite();
  test = openTestTrail(database.database);
  receiver = await openReceiver(certificate);
  deps = {
    db: test.db,
    tenantId: 'default',
    trail: test.trail,
    target: { host: 'localhost', port: receiver.port, ca: certificate.cert },
    origin: { sourceId: 'isocenter@test', hostname: 'test host', processId: '42' },
  };
});
afterEach(async () => {
  await receiver.close();
  await test.trail.close();
  await database.close();
});

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) test.trail.note('default', act({ action: 'export', details: { index } }));
  await test.trail.flush();
}

const numberOf = (message: string): number =>
  Number(Buffer.from(/type="index" value="([^"]*)"/.exec(message)?.[1] ?? '', 'base64').toString());

describe('the audit repository', () => {
  it('gets each entry once, as a DICOM audit message in syslog over TLS', async () => {
    await write(3);
    expect(await forwardAudit(deps)).toBe(3);
    expect(await forwardAudit(deps)).toBe(0);
    await write(1);
    expect(await forwardAudit(deps)).toBe(1);
    expect(receiver.messages.map(numberOf)).toEqual([0, 1, 2, 0]);
    const [first = ''] = receiver.messages;
    expect(first.split(' ', 7)).toEqual(['<85>1', '2026-03-01T08:00:00.000Z', 'testhost', 'isocenter', '42', 'DICOM+RFC3881', '-']);
    expect(first.slice(first.indexOf('\ufeff'))).toMatch(/^\ufeff<AuditMessage><EventIdentification .*<\/AuditMessage>$/);
  });

  it('gets what it missed while it was away, also after this server has started anew', async () => {
    await write(2);
    const { port } = receiver;
    await receiver.close();
    await expect(forwardAudit(deps)).rejects.toThrow('ECONNREFUSED');
    receiver = await openReceiver(certificate, port);
    const restarted = openTestTrail(database.reopen());
    try {
      expect(await forwardAudit({ ...deps, db: restarted.db, trail: restarted.trail })).toBe(2);
    } finally {
      await restarted.trail.close();
      await restarted.db.destroy();
    }
    expect(receiver.messages.map(numberOf)).toEqual([0, 1]);
  });

  it('that breaks off in the middle gets the whole batch again, and no entry is missed', async () => {
    await write(1_500);
    receiver.breakAfter = 400_000;
    await expect(forwardAudit(deps)).rejects.toThrow();
    receiver.breakAfter = undefined;
    receiver.messages.length = 0;
    expect(await forwardAudit(deps)).toBe(1_500);
    expect(receiver.messages.map(numberOf)).toEqual(Array.from({ length: 1_500 }, (_, index) => index));
  });

  it('that is somebody else gets nothing', async () => {
    await write(1);
    const ca = newCertificate('somebody else').cert;
    await expect(forwardAudit({ ...deps, target: { ...deps.target, ca } })).rejects.toThrow();
    expect(receiver.messages).toEqual([]);
    expect(await forwardAudit(deps)).toBe(1);
  });

  it('is not sent more than it takes: what it has not read is not made yet', async () => {
    const [frame, total] = [Buffer.from(`1024 ${'x'.repeat(1024)}`), 50_000];
    let made = 0;
    const frames = function* (): Generator<Buffer> {
      for (; made < total; made += 1) yield frame;
    };
    receiver.isReading = false;
    const sending = sendFrames(deps.target, frames());
    for (let seen = -1, still = 0; still < 500; still = made === seen ? still + 1 : 0) {
      seen = made;
      await nextTurn();
    }
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(total);
    receiver.resume();
    await sending;
    expect([made, receiver.messages.length]).toEqual([total, total]);
  });
});
