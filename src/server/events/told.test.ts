import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serverSentEvent, toldOf, webSocketFrame } from './told.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
afterAll(() => server.close());

/** What another implementation reads, on a connection of its own. */
async function read(frame: Buffer): Promise<string> {
  server.once('connection', (_, { socket }) => socket.write(frame));
  // Listening on TCP, the address is one.
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const message = await new Promise<string>((resolve, reject) => {
    client.on('message', (data, isBinary) => (isBinary ? reject(new Error('binary')) : resolve(String(data))));
    client.on('error', reject);
  });
  client.terminate();
  return message;
}

describe('an event as it is told', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])(
    'is one WebSocket message of %i bytes, which is read as it was',
    async (length) => {
      const text = 'e'.repeat(length);
      expect(await read(webSocketFrame(text))).toBe(text);
    },
  );

  it('counts bytes and not characters', async () => {
    const text = 'ä'.repeat(63);
    expect(webSocketFrame(text)).toHaveLength(4 + 126);
    expect(await read(webSocketFrame(text))).toBe(text);
  });

  it('is written once for all who hear it in the same protocol', () => {
    const row = {
      seq: 7,
      type: 'study_complete',
      topic: 'study:2.25.1',
      study_instance_uid: '2.25.1',
      payload: '{"a":1}',
      created_at: 'now',
    };
    const told = toldOf(row);
    expect(told.as(webSocketFrame)).toBe(told.as(webSocketFrame));
    const data = '{"seq":7,"type":"study_complete","at":"now","topic":"study:2.25.1","data":{"a":1}}';
    expect(String(told.as(serverSentEvent))).toBe(`id: 7\ndata: ${data}\n\n`);
  });
});
