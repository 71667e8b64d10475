import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposedContext, UserInformation } from '../../src/server/dimse/associate-items.ts';
import { type ControlPdu, PduError, writeData, writePdu } from '../../src/server/dimse/pdu.ts';
import { openPduDecoder, type PduEvent } from '../../src/server/dimse/pdu-decoder.ts';

/** Damaged streams to try. */
const COUNT = Number(process.env['PDU_MUTATIONS'] ?? 5_000);
const SEED = 20_240_229;
const MAX_DATA = 16_384;

const uidText = fc.array(fc.nat({ max: 99_999 }), { minLength: 1, maxLength: 10 }).map((parts) => parts.join('.'));
const aeTitle = fc.stringMatching(/^[!-[\]-~]([ -[\]-~]{0,14}[!-[\]-~])?$/);
const byte = fc.nat({ max: 255 });
const word = fc.nat({ max: 0xffff });
const user: fc.Arbitrary<UserInformation> = fc
  .record({
    maxPduLength: fc.nat({ max: 0xffffffff }),
    implementationClassUid: uidText,
    implementationVersionName: aeTitle,
    asynchronousOperations: fc.option(fc.record({ invoked: word, performed: word }), { nil: undefined }),
    roles: fc.array(fc.record({ sopClassUid: uidText, scu: fc.boolean(), scp: fc.boolean() }), { maxLength: 4 }),
  })
  .map(({ asynchronousOperations, ...rest }) => (asynchronousOperations ? { ...rest, asynchronousOperations } : rest));
const common = { protocolVersion: word, calledAe: aeTitle, callingAe: aeTitle, applicationContext: uidText, user };

/** Each with the next odd identifier. */
function numbered<T>(contexts: T[]): (T & { id: number })[] {
  return contexts.map((context, index) => ({ ...context, id: 2 * index + 1 }));
}

const request: fc.Arbitrary<ControlPdu> = fc
  .record({
    ...common,
    contexts: fc.array(fc.record({ abstractSyntax: uidText, transferSyntaxes: fc.array(uidText, { maxLength: 4 }) }), { maxLength: 20 }),
  })
  .map((pdu) => ({ type: 'associate-request', ...pdu, contexts: numbered(pdu.contexts) satisfies ProposedContext[] }));
const accept: fc.Arbitrary<ControlPdu> = fc
  .record({ ...common, contexts: fc.array(fc.record({ result: fc.nat({ max: 4 }), transferSyntax: uidText }), { maxLength: 20 }) })
  .map((pdu) => ({ type: 'associate-accept', ...pdu, contexts: numbered(pdu.contexts) }));
const control: fc.Arbitrary<ControlPdu> = fc.oneof(
  request,
  accept,
  fc.record({ result: byte, source: byte, reason: byte }).map((rejection): ControlPdu => ({ type: 'associate-reject', ...rejection })),
  fc.constantFrom<ControlPdu>({ type: 'release-request' }, { type: 'release-response' }),
  fc.record({ source: byte, reason: byte }).map((abort): ControlPdu => ({ type: 'abort', ...abort })),
);
const data = fc.record({ contextId: byte, isCommand: fc.boolean(), isLast: fc.boolean(), bytes: fc.uint8Array({ maxLength: 300 }) });

/** Decodes a stream that comes in pieces of the given sizes, over and over. */
function decode(stream: Uint8Array, sizes: number[]): PduEvent[] {
  const decoder = openPduDecoder(MAX_DATA);
  const events: PduEvent[] = [];
  for (let start = 0, turn = 0; start < stream.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? stream.length);
    decoder.push(stream.subarray(start, start + size));
    start += size;
    for (let event = decoder.next(); event; event = decoder.next()) events.push(event);
  }
  return events;
}

/** Fragments of one data value as one; what they say of it is said by the last. */
function joined(events: PduEvent[]): string[] {
  const texts: string[] = [];
  let open = '';
  for (const event of events) {
    if (event.type !== 'fragment') texts.push(JSON.stringify(event));
    else {
      open += Buffer.from(event.bytes).toString('hex');
      if (!event.isLast) continue;
      texts.push(`${event.contextId} ${event.isCommand} ${open}`);
      open = '';
    }
  }
  return texts;
}

describe('the upper layer protocol', () => {
  it('reads what it writes, every PDU', () => {
    fc.assert(
      fc.property(control, (pdu) => {
        expect(decode(writePdu(pdu), [])).toEqual([pdu]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('gives the same messages in whatever pieces the bytes come', () => {
    fc.assert(
      fc.property(fc.array(data, { maxLength: 8 }), fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 }), (values, sizes) => {
        const stream = Buffer.concat(
          values.map(({ contextId, bytes, ...flags }) => writeData(contextId, { ...flags, isLast: true }, bytes)),
        );
        expect(joined(decode(stream, sizes))).toEqual(joined(decode(stream, [])));
        expect(joined(decode(stream, []))).toHaveLength(values.length);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each([
    ['a data PDU of 70 MB', [4, 0, 0x04, 0x2c, 0x1d, 0x80]],
    ['an association request of 4 GiB', [1, 0, 0xff, 0xff, 0xff, 0xff]],
    ['a type that there is not', [9, 0, 0, 0, 0, 4]],
    ['a data value longer than its PDU', [4, 0, 0, 0, 0, 10, 0, 0, 0xff, 0xff, 1, 3]],
    ['a data value of length 1', [4, 0, 0, 0, 0, 10, 0, 0, 0, 1, 1, 3]],
    ['a data PDU without a value', [4, 0, 0, 0, 0, 2, 0, 0]],
    ['a rest of a data PDU too short for a value', [4, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 3, 0, 0, 0]],
    ['an association request with nothing in it', [1, 0, 0, 0, 0, 1, 0]],
    ['an abort with a tail', [7, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0]],
  ])('refuses %s as soon as it is said', (_, bytes) => {
    expect(() => decode(Uint8Array.from(bytes), [])).toThrow(PduError);
  });

  it('refuses items that run past the end of an association request, and repeated or even identifiers', () => {
    const contexts = [{ id: 1, abstractSyntax: '1.2', transferSyntaxes: ['1.2'] }];
    const good = { type: 'associate-request', protocolVersion: 1, calledAe: 'A', callingAe: 'B', applicationContext: '1.2' } as const;
    const information = { maxPduLength: 0, implementationClassUid: '1', implementationVersionName: 'X', roles: [] };
    const lying = writePdu({ ...good, contexts, user: information });
    lying[6 + 68 + 3] = 0xff;
    expect(() => decode(lying, [])).toThrow(PduError);
    for (const ids of [[1, 1], [2]]) {
      const wrong = ids.map((id) => ({ id, abstractSyntax: '1.2', transferSyntaxes: [] }));
      expect(() => decode(writePdu({ ...good, contexts: wrong, user: information }), [])).toThrow(PduError);
    }
  });

  it(`survives ${COUNT} damaged streams with nothing but its own error`, { timeout: 600_000 }, () => {
    const streams = fc.sample(
      fc
        .tuple(request, fc.array(data, { maxLength: 4 }))
        .map(([first, values]) =>
          Buffer.concat([writePdu(first), ...values.map(({ contextId, bytes, ...flags }) => writeData(contextId, flags, bytes))]),
        ),
      { seed: SEED, numRuns: 50 },
    );
    let state = SEED;
    const random = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    let refused = 0;
    for (let turn = 0; turn < COUNT; turn += 1) {
      const damaged = Buffer.from(streams[turn % streams.length] ?? []);
      for (let change = 0; change <= random(4); change += 1)
        damaged[random(damaged.length)] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)] ?? 0;
      try {
        decode(damaged.subarray(0, random(2) === 0 ? damaged.length : random(damaged.length + 1)), [1 + random(200)]);
      } catch (error) {
        expect(error).toBeInstanceOf(PduError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(COUNT / 20);
  });
});
