import { type AssociateAccept, type AssociateRequest, readAssociate, writeAssociate } from './associate-items.ts';

/** Bytes of the header of every PDU: type, reserved, length (PS3.8 9.3.1). */
export const PDU_HEADER_BYTES = 6;
/** Bytes of the header of a presentation data value: length, context, control (PS3.8 9.3.5.1, annex E). */
export const PDV_HEADER_BYTES = 6;

/** A-ASSOCIATE-RJ (PS3.8 9.3.4). `result`: 1 permanent, 2 transient; `source` and `reason` as table 9-21 has them. */
export type Rejection = { result: number; source: number; reason: number };
/** Every PDU but P-DATA-TF, whose content is streamed. */
export type ControlPdu =
  | ({ type: 'associate-request' } & AssociateRequest)
  | ({ type: 'associate-accept' } & AssociateAccept)
  | ({ type: 'associate-reject' } & Rejection)
  | { type: 'release-request' }
  | { type: 'release-response' }
  | { type: 'abort'; source: number; reason: number };

/** Type numbers of PS3.8 9.3. */
export const PDU_TYPES = {
  'associate-request': 1,
  'associate-accept': 2,
  'associate-reject': 3,
  data: 4,
  'release-request': 5,
  'release-response': 6,
  abort: 7,
} as const;

/** Reasons of an A-ABORT by the provider (PS3.8 table 9-26). */
export const ABORT_REASONS = { 'not-specified': 0, 'unrecognized-pdu': 1, 'unexpected-pdu': 2, 'invalid-parameter': 6 } as const;
export type AbortReason = keyof typeof ABORT_REASONS;

/** Bytes that are not the PDU that they should be; never quotes them. */
export class PduError extends Error {
  readonly abort: AbortReason;
  constructor(message: string, abort: AbortReason = 'invalid-parameter') {
    super(message);
    this.name = 'PduError';
    this.abort = abort;
  }
}

export function writePdu(pdu: ControlPdu): Uint8Array {
  const body = bodyOf(pdu);
  const bytes = Buffer.alloc(PDU_HEADER_BYTES + body.length);
  bytes[0] = PDU_TYPES[pdu.type];
  bytes.writeUInt32BE(body.length, 2);
  bytes.set(body, PDU_HEADER_BYTES);
  return bytes;
}

/** Reads the body of a PDU that is no P-DATA-TF. @throws {PduError} */
export function parsePdu(typeNumber: number, body: Uint8Array): ControlPdu {
  switch (typeNumber) {
    case PDU_TYPES['associate-request']:
      return { type: 'associate-request', ...readAssociateOf(body, 'request') };
    case PDU_TYPES['associate-accept']:
      return { type: 'associate-accept', ...readAssociateOf(body, 'accept') };
    case PDU_TYPES['associate-reject']:
      return { type: 'associate-reject', result: byteAt(body, 1), source: byteAt(body, 2), reason: byteAt(body, 3) };
    case PDU_TYPES['release-request']:
      return { type: 'release-request' };
    case PDU_TYPES['release-response']:
      return { type: 'release-response' };
    case PDU_TYPES.abort:
      return { type: 'abort', source: byteAt(body, 2), reason: byteAt(body, 3) };
    default:
      throw new PduError('There is no PDU of this type', 'unrecognized-pdu');
  }
}

/** A P-DATA-TF with one presentation data value. */
export function writeData(
  contextId: number,
  { isCommand, isLast }: { isCommand: boolean; isLast: boolean },
  bytes: Uint8Array,
): Uint8Array {
  const pdu = Buffer.allocUnsafe(PDU_HEADER_BYTES + PDV_HEADER_BYTES + bytes.length);
  pdu[0] = PDU_TYPES.data;
  pdu[1] = 0;
  pdu.writeUInt32BE(PDV_HEADER_BYTES + bytes.length, 2);
  pdu.writeUInt32BE(2 + bytes.length, 6);
  pdu[10] = contextId;
  pdu[11] = (isCommand ? 1 : 0) | (isLast ? 2 : 0);
  pdu.set(bytes, PDU_HEADER_BYTES + PDV_HEADER_BYTES);
  return pdu;
}

function bodyOf(pdu: ControlPdu): Uint8Array {
  switch (pdu.type) {
    case 'associate-request':
      return writeAssociate({ kind: 'request', ...pdu });
    case 'associate-accept':
      return writeAssociate({ kind: 'accept', ...pdu });
    case 'associate-reject':
      return Uint8Array.of(0, pdu.result, pdu.source, pdu.reason);
    case 'abort':
      return Uint8Array.of(0, 0, pdu.source, pdu.reason);
    default:
      return new Uint8Array(4);
  }
}

function readAssociateOf<K extends 'request' | 'accept'>(body: Uint8Array, kind: K) {
  const read = readAssociate(body, kind);
  if (typeof read === 'string') throw new PduError(read);
  return read;
}

function byteAt(body: Uint8Array, index: number): number {
  const byte = body[index];
  if (byte === undefined || body.length !== 4) throw new PduError('A PDU has not the length of its type');
  return byte;
}
