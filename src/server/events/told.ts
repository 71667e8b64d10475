import type { EventRow } from './queries.ts';
import { messageOf } from './sight.ts';

/** How a protocol writes an event: of its JSON and its number, the bytes that go over the connection. The same function each time. */
export type Form = (text: string, seq: number) => Buffer;
/** An event that many hear: what it looks like in each protocol is made once for all of them. */
export type Told = { seq: number; as(form: Form): Buffer };

export function toldOf(row: EventRow): Told {
  const text = JSON.stringify(messageOf(row));
  const made = new Map<Form, Buffer>();
  return {
    seq: row.seq,
    as: (form) => {
      const known = made.get(form);
      if (known) return known;
      const bytes = form(text, row.seq);
      made.set(form, bytes);
      return bytes;
    },
  };
}

/** A text message of a server in one frame: final, not masked (RFC 6455 5.2). */
export function webSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  frame[1] = start === 2 ? length : start === 4 ? 126 : 127;
  if (start === 4) frame.writeUInt16BE(length, 2);
  if (start === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, start);
  return frame;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html; the id of an event is its number, for `Last-Event-ID`. */
export function serverSentEvent(text: string, seq?: number): Buffer {
  return Buffer.from(`${seq === undefined ? '' : `id: ${seq}\n`}data: ${text}\n\n`);
}
