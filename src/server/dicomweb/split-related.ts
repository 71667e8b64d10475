/** The body is not what RFC 2046 5.1.1 says. */
export class MultipartError extends Error {}

/** Told of the parts of a body, one after the other. */
export type PartSink = {
  /** @param fields of the head, by lower-case name; of a name that stands twice the first */
  begin(fields: ReadonlyMap<string, string>): void;
  /** A view of what was pushed, or bytes that nobody else has. */
  content(bytes: Uint8Array): void;
  end(): void;
};

export type MultipartSplitter = {
  /** @throws {MultipartError} */
  push(chunk: Buffer): void;
  /** Nothing more comes. @throws {MultipartError} if the closing delimiter has not come */
  finish(): void;
};

const CR = 0x0d;
const CRLF = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const CLOSING = '--';
/** Of one part, line ends included. */
const MAX_HEAD_BYTES = 16_384;
/** Blanks that may follow a boundary before its line ends. */
const MAX_PADDING = 128;

/** `preamble`: before the first delimiter; `line`: after a delimiter, up to the end of its line. */
type Place = 'preamble' | 'line' | 'head' | 'content' | 'epilogue';
type State = { place: Place; delimiter: Buffer; kept: Buffer; sink: PartSink };

/**
 * Takes a multipart body apart while it arrives (RFC 2046 5.1.1). Content passes through as views of what was pushed; only what may be
 * the beginning of a delimiter is kept back, and the head of a part until it is whole.
 */
export function openSplitter(boundary: string, sink: PartSink): MultipartSplitter {
  // The line end before a delimiter belongs to it; the first one may stand at the very beginning.
  const state: State = { place: 'preamble', delimiter: Buffer.from(`\r\n--${boundary}`), kept: CRLF, sink };
  return {
    push: (chunk) => {
      let rest: Buffer | undefined = chunk;
      while (rest && rest.length > 0) rest = step(state, rest);
    },
    finish: () => {
      if (state.place !== 'epilogue') throw new MultipartError('The body is cut off');
    },
  };
}

/** Takes from the chunk what the present place takes; what is left of it for the next. */
function step(state: State, chunk: Buffer): Buffer | undefined {
  switch (state.place) {
    case 'preamble':
    case 'content':
      return passContent(state, chunk);
    case 'line':
      return endLine(state, chunk);
    case 'head':
      return readHead(state, chunk);
    case 'epilogue':
      return undefined;
  }
}

function passContent(state: State, chunk: Buffer): Buffer | undefined {
  const { delimiter } = state;
  if (state.kept.length > 0) {
    // Whether a delimiter begins in what was kept shows with its rest at the beginning of the chunk.
    const added = chunk.subarray(0, delimiter.length - 1);
    const joined = Buffer.concat([state.kept, added]);
    const at = joined.indexOf(delimiter);
    if (at >= 0 && at < state.kept.length)
      return meetDelimiter(state, joined.subarray(0, at), chunk.subarray(at + delimiter.length - state.kept.length));
    if (added.length === chunk.length) return keepBack(state, joined);
    pass(state, state.kept);
    state.kept = NOTHING;
  }
  const at = chunk.indexOf(delimiter);
  if (at >= 0) return meetDelimiter(state, chunk.subarray(0, at), chunk.subarray(at + delimiter.length));
  return keepBack(state, chunk);
}

function meetDelimiter(state: State, before: Buffer, after: Buffer): Buffer {
  pass(state, before);
  if (state.place === 'content') state.sink.end();
  state.place = 'line';
  state.kept = NOTHING;
  return after;
}

/** Passes bytes in which no delimiter stands, but for their end if one may begin there. */
function keepBack(state: State, bytes: Buffer): undefined {
  const { delimiter } = state;
  let from = bytes.indexOf(CR, Math.max(0, bytes.length - delimiter.length + 1));
  while (from >= 0 && !delimiter.subarray(0, bytes.length - from).equals(bytes.subarray(from))) from = bytes.indexOf(CR, from + 1);
  pass(state, from < 0 ? bytes : bytes.subarray(0, from));
  // A copy: the chunk need not wait for the next.
  state.kept = from < 0 ? NOTHING : Buffer.from(bytes.subarray(from));
}

function pass({ place, sink }: State, bytes: Buffer): void {
  if (place === 'content' && bytes.length > 0) sink.content(bytes);
}

/** After a delimiter: two hyphens end the body, blanks and a line end begin a part. */
function endLine(state: State, chunk: Buffer): Buffer | undefined {
  const held = Buffer.concat([state.kept, chunk.subarray(0, MAX_PADDING)]);
  const text = held.toString('latin1');
  if (text.startsWith(CLOSING)) {
    state.place = 'epilogue';
    return undefined;
  }
  const padding = /^[ \t]*\r\n/.exec(text)?.[0].length;
  if (padding === undefined) {
    if (held.length > MAX_PADDING || !/^(?:-|[ \t]*\r?)$/.test(text)) throw new MultipartError('A delimiter is followed by something else');
    state.kept = held;
    return undefined;
  }
  const rest = chunk.subarray(padding - state.kept.length);
  state.place = 'head';
  // The line end of the delimiter is that before a head of no lines.
  state.kept = CRLF;
  return rest;
}

function readHead(state: State, chunk: Buffer): Buffer | undefined {
  const held = Buffer.concat([state.kept, chunk.subarray(0, MAX_HEAD_BYTES)]);
  const end = held.indexOf(HEAD_END);
  if (end < 0) {
    if (held.length > MAX_HEAD_BYTES) throw new MultipartError('The head of a part is too long');
    state.kept = held;
    return undefined;
  }
  const rest = chunk.subarray(end + HEAD_END.length - state.kept.length);
  state.place = 'content';
  // A part without content: its delimiter may follow the head at once.
  state.kept = NOTHING;
  state.sink.begin(fieldsOf(held.toString('latin1', CRLF.length, Math.max(CRLF.length, end))));
  return rest;
}

/** Fields of a head by lower-case name; a line that begins with a blank continues the one before (RFC 822 3.1.1). */
function fieldsOf(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

const NOTHING = Buffer.alloc(0);
