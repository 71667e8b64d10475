import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { echoOnce } from '../../src/server/dimse/client.ts';
import { requestOf, writeCommand } from '../../src/server/dimse/message.ts';
import { writeData, writePdu } from '../../src/server/dimse/pdu.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';
import { associateRequest, conversation, openWire, VERIFICATION } from '../dicom-peer.ts';

/** Damaged conversations to hold with a running server. */
const COUNT = Number(process.env['PDU_CONVERSATIONS'] ?? 500);
const SEED = 20_240_229;
/** Types of PDUs that come back. */
const [ACCEPT, REJECT, ABORT] = [2, 3, 7];

let node: TestNode;
/** Patient enough for everything but the tests of patience. */
let hasty: TestNode;
beforeAll(async () => {
  node = await openTestNode();
  hasty = await openTestNode({ timeouts: { artimMs: 50, stallMs: 50, idleMs: 100 } });
});
afterAll(async () => {
  await node.close();
  await hasty.close();
});

const file = secondaryCapture({
  study: uid(70),
  series: uid(70, 1),
  instance: uid(70, 1, 1),
  patientName: 'Hidden^Name',
  rows: 64,
  columns: 64,
});
const echo = writeData(
  1,
  { isCommand: true, isLast: true },
  writeCommand(requestOf('c-echo', 1, { hasData: false, fields: { '00000002': { vr: 'UI', Value: [VERIFICATION] } } })),
);

async function isAlive({ listener }: TestNode): Promise<boolean> {
  const { ok } = await echoOnce({ ae_title: OWN_TITLE, host: '127.0.0.1', port: listener.port, tls: 0 }, { callingAe: PEER });
  return ok;
}

/** A connection on which the server has accepted an association. */
async function openAccepted(of: TestNode) {
  const wire = await openWire(of.listener.port);
  wire.socket.write(associateRequest());
  await wire.until(100);
  expect(wire.received()[0]).toBe(ACCEPT);
  return { ...wire, answered: wire.received().length };
}

describe('a hostile peer', () => {
  it.each([
    ['a PDU of 70 MB', Buffer.from([4, 0, 0x04, 0x2c, 0x1d, 0x80, 1, 2, 3])],
    ['a data value longer than its PDU', Buffer.from([4, 0, 0, 0, 0, 12, 0, 0, 1, 0, 1, 3, 0, 0, 0, 0, 0, 0])],
    ['a PDU that there is not', Buffer.from([0x20, 0, 0, 0, 0, 4, 0, 0, 0, 0])],
    ['a second association request', associateRequest()],
    ['a data set without a command', writeData(3, { isCommand: false, isLast: true }, Buffer.alloc(10))],
    ['a message in a context that was not accepted', writeData(99, { isCommand: true, isLast: true }, Buffer.alloc(10))],
    ['a command that is none', writeData(1, { isCommand: true, isLast: true }, Buffer.from('hello'))],
    [
      'a command that never ends',
      Buffer.concat(Array.from({ length: 3 }, () => writeData(1, { isCommand: true, isLast: false }, Buffer.alloc(8000)))),
    ],
    ['a command within a data set', Buffer.concat([conversation(file)[2] ?? echo, echo])],
  ])('is sent an abort for %s, and nobody else notices', async (_, bytes) => {
    const { socket, received, closed, answered } = await openAccepted(node);
    socket.write(bytes);
    await closed;
    expect(received()[answered]).toBe(ABORT);
    expect(await isAlive(node)).toBe(true);
  });

  it('is sent an abort when it begins with anything but an association request', async () => {
    for (const bytes of [echo, writePdu({ type: 'release-request' }), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const { socket, received, closed } = await openWire(node.listener.port);
      socket.write(bytes);
      await closed;
      expect(received()[0]).toBe(ABORT);
    }
  });

  it('is refused by a title that is not known, whatever bytes stand in it, and logged in characters that a log can have', async () => {
    const request = Buffer.from(associateRequest('X'));
    request.set([0x0a, 0x1b, 0x5b, 0x32, 0x4a, 0xff], 6 + 20);
    const { socket, received, closed } = await openWire(node.listener.port);
    socket.write(request);
    await closed;
    expect(received()[0]).toBe(REJECT);
    expect(node.log.at(-1)).toMatchObject({ message: 'association refused', fields: { reason: 'calling-ae-title-not-recognized' } });
    expect(String(node.log.at(-1)?.fields['calling'])).toMatch(/^[ -~]+$/);
  });

  it.each([
    ['says nothing', Buffer.alloc(0)],
    ['says the first byte of a request', Buffer.of(1)],
    ['stops in the middle of a request', associateRequest().subarray(0, 100)],
  ])('is shown the door when it connects and %s', async (_, bytes) => {
    const { socket, closed } = await openWire(hasty.listener.port);
    socket.write(bytes);
    await closed;
    expect(await isAlive(hasty)).toBe(true);
  });

  it.each([
    ['goes quiet', Buffer.alloc(0)],
    ['stops in the middle of a PDU', echo.subarray(0, 20)],
    ['never sends the data set of a command', conversation(file)[2] ?? echo],
  ])('is sent an abort when it has an association and %s', async (_, bytes) => {
    const { socket, received, closed, answered } = await openAccepted(hasty);
    socket.write(bytes);
    await closed;
    expect(received()[answered]).toBe(ABORT);
  });

  it('cannot keep an association by a byte now and then', async () => {
    const { socket, closed } = await openAccepted(hasty);
    const bytes = Buffer.concat(conversation(file).slice(2, 4));
    let isOpen = true;
    void closed.then(() => {
      isOpen = false;
    });
    let sent = 0;
    // One byte for each sign of life that somebody else gets: the PDU takes longer than its time.
    while (isOpen && sent < bytes.length - 1) {
      socket.write(bytes.subarray(sent, sent + 1));
      sent += 1;
      await isAlive(hasty);
    }
    expect(sent).toBeLessThan(bytes.length / 4);
  });

  it('that asks and never reads is not listened to for long', async () => {
    const { socket, closed } = await openAccepted(node);
    socket.pause();
    const many = Buffer.concat(Array.from({ length: 1000 }, () => echo));
    const tooMuch = 64 * 1024 * 1024;
    for (let quiet = 0; quiet < 20 && socket.bytesWritten < tooMuch; ) {
      const before = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0) socket.write(many);
      // Signs of life of others show that the server has had its turns.
      expect(await isAlive(node)).toBe(true);
      quiet = socket.bytesWritten - socket.writableLength === before ? quiet + 1 : 0;
    }
    expect(socket.bytesWritten).toBeLessThan(tooMuch);
    socket.destroy();
    await closed;
  });

  it('that asks and never reads is given up in the end', async () => {
    const { socket, closed } = await openAccepted(hasty);
    socket.pause();
    while (!socket.destroyed)
      if (!socket.write(echo)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    expect(await isAlive(hasty)).toBe(true);
  });

  it('that closes its half of the connection is let go', async () => {
    const { socket, closed } = await openAccepted(node);
    socket.end(conversation(file)[2] ?? echo);
    await closed;
    expect(await isAlive(node)).toBe(true);
  });

  it('cannot keep the server from stopping', { timeout: 20_000 }, async () => {
    const own = await openTestNode();
    const socket = connect({ host: '127.0.0.1', port: own.listener.port, allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(associateRequest());
    await new Promise((resolve) => socket.once('data', resolve));
    await own.close();
    socket.destroy();
  });

  it(`holds ${COUNT} damaged conversations, and the server answers after each hundred`, { timeout: 600_000 }, async () => {
    let state = SEED;
    const random = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    const spoken = Buffer.concat(conversation(file));
    for (let turn = 0; turn < COUNT; turn += 1) {
      const bytes = Buffer.from(spoken);
      for (let change = 0; change <= random(3); change += 1)
        bytes[random(random(2) ? 600 : bytes.length)] = [0, 1, 0x7f, 0xff, random(256)][random(5)] ?? 0;
      const { socket, closed } = await openWire(node.listener.port);
      socket.end(bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length));
      await closed;
      if (turn % 100 === 99) expect(await isAlive(node)).toBe(true);
    }
    expect(await isAlive(node)).toBe(true);
    // Stopping waits for what is on its way to the disk.
    await node.listener.close();
    expect(await readdir(join(node.app.deps.config.dataDir, 'blobs', 'default', 'tmp'))).toEqual([]);
    expect(JSON.stringify(node.log)).not.toMatch(/Hidden|BUILDER/);
    expect(node.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
