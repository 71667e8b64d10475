import { type ControlPdu, PDU_HEADER_BYTES, PDU_TYPES, PDV_HEADER_BYTES, PduError, parsePdu } from './pdu.ts';

/** Longest PDU other than P-DATA-TF: 128 contexts with every transfer syntax that there is stay below. */
const MAX_CONTROL_BYTES = 262_144;

/** A piece of a message: bytes of one presentation data value. `isLast` with the final bytes of the final value only. */
export type Fragment = { type: 'fragment'; contextId: number; isCommand: boolean; isLast: boolean; bytes: Uint8Array };
export type PduEvent = ControlPdu | Fragment;

/** Takes bytes as they arrive and gives them back as PDUs, one at a time. */
export type PduDecoder = {
  push(chunk: Uint8Array): void;
  /** The next PDU or piece of one; undefined until more bytes come. @throws {PduError} from then on at each call */
  next(): PduEvent | undefined;
  /** Whether a PDU has begun and not ended. */
  isMidPdu(): boolean;
  /** PDUs that have begun so far. */
  count(): number;
};

type State = {
  chunks: Uint8Array[];
  /** Position in the first chunk. */
  offset: number;
  available: number;
  count: number;
  /** The PDU that has begun: how much of it has not been taken, and where it is gathered if its content is not streamed. */
  pdu: { typeNumber: number; left: number; body: Uint8Array } | undefined;
  /** The presentation data value that has begun. */
  value: { contextId: number; control: number; left: number } | undefined;
  error: PduError | undefined;
};

const EMPTY = new Uint8Array(0);

/**
 * Decodes the upper layer protocol (PS3.8 9.3). Lengths are checked against their limits before anything is kept: a PDU of another type than
 * P-DATA-TF is gathered up to 256 KiB, data pass through as views of the chunks that brought them. No byte is copied twice,
 * however small the pieces are in which it arrives.
 *
 * @param maxDataLength longest P-DATA-TF, without header: what was negotiated
 */
export function openPduDecoder(maxDataLength: number): PduDecoder {
  const state: State = { chunks: [], offset: 0, available: 0, count: 0, pdu: undefined, value: undefined, error: undefined };
  return {
    push(chunk) {
      if (chunk.length === 0) return;
      state.chunks.push(chunk);
      state.available += chunk.length;
    },
    next() {
      if (state.error) throw state.error;
      try {
        return step(state, maxDataLength);
      } catch (error) {
        if (error instanceof PduError) state.error = error;
        throw error;
      }
    },
    isMidPdu: () => state.pdu !== undefined || state.available > 0,
    count: () => state.count,
  };
}

function step(state: State, maxDataLength: number): PduEvent | undefined {
  if (!state.pdu && !beginPdu(state, maxDataLength)) return undefined;
  return state.pdu?.typeNumber === PDU_TYPES.data ? nextFragment(state) : controlPdu(state);
}

function beginPdu(state: State, maxDataLength: number): boolean {
  if (state.available < PDU_HEADER_BYTES) return false;
  const header = take(state, PDU_HEADER_BYTES);
  const typeNumber = header[0] ?? 0;
  const length = Buffer.from(header.buffer, header.byteOffset, PDU_HEADER_BYTES).readUInt32BE(2);
  if (typeNumber < PDU_TYPES['associate-request'] || typeNumber > PDU_TYPES.abort)
    throw new PduError('There is no PDU of this type', 'unrecognized-pdu');
  const isData = typeNumber === PDU_TYPES.data;
  if (length > (isData ? maxDataLength : MAX_CONTROL_BYTES)) throw new PduError('A PDU is longer than was negotiated');
  if (isData && length < PDV_HEADER_BYTES) throw new PduError('A data PDU is too short');
  state.pdu = { typeNumber, left: length, body: isData ? EMPTY : new Uint8Array(length) };
  state.count += 1;
  return true;
}

function controlPdu(state: State): ControlPdu | undefined {
  const { pdu } = state;
  if (!pdu) return undefined;
  while (pdu.left > 0 && state.available > 0) {
    const bytes = takeSome(state, pdu.left);
    pdu.body.set(bytes, pdu.body.length - pdu.left);
    pdu.left -= bytes.length;
  }
  if (pdu.left > 0) return undefined;
  state.pdu = undefined;
  return parsePdu(pdu.typeNumber, pdu.body);
}

function nextFragment(state: State): Fragment | undefined {
  const { pdu } = state;
  if (!pdu) return undefined;
  if (!state.value) {
    if (pdu.left < PDV_HEADER_BYTES) throw new PduError('A data value does not fit its PDU');
    if (state.available < PDV_HEADER_BYTES) return undefined;
    state.value = readValueHeader(take(state, PDV_HEADER_BYTES), pdu);
  }
  const { value } = state;
  if (value.left > 0 && state.available === 0) return undefined;
  const bytes = takeSome(state, value.left);
  value.left -= bytes.length;
  pdu.left -= bytes.length;
  const isComplete = value.left === 0;
  if (isComplete) state.value = undefined;
  if (pdu.left === 0 && isComplete) state.pdu = undefined;
  const { contextId, control } = value;
  return { type: 'fragment', contextId, isCommand: (control & 1) === 1, isLast: isComplete && (control & 2) === 2, bytes };
}

function readValueHeader(header: Uint8Array, pdu: { left: number }): NonNullable<State['value']> {
  const length = Buffer.from(header.buffer, header.byteOffset, 4).readUInt32BE(0);
  if (length < 2 || length + 4 > pdu.left) throw new PduError('A data value does not fit its PDU');
  pdu.left -= PDV_HEADER_BYTES;
  return { contextId: header[4] ?? 0, control: header[5] ?? 0, left: length - 2 };
}

/** Exactly `count` bytes, which are there: a view where they lie in one chunk, gathered otherwise. */
function take(state: State, count: number): Uint8Array {
  const first = takeSome(state, count);
  if (first.length === count) return first;
  const bytes = new Uint8Array(count);
  bytes.set(first);
  for (let filled = first.length; filled < count; ) {
    const more = takeSome(state, count - filled);
    bytes.set(more, filled);
    filled += more.length;
  }
  return bytes;
}

/** At most `count` bytes, as many as lie in the first chunk. */
function takeSome(state: State, count: number): Uint8Array {
  const [chunk] = state.chunks;
  if (!chunk || count === 0) return EMPTY;
  const bytes = chunk.subarray(state.offset, state.offset + count);
  state.offset += bytes.length;
  state.available -= bytes.length;
  if (state.offset === chunk.length) {
    state.chunks.shift();
    state.offset = 0;
  }
  return bytes;
}
