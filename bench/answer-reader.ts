/** Finds the ends of HTTP/1.1 answers in what comes over a connection, one answer at a time; keeps nothing of a body. */
export type AnswerReader = {
  /** The status, when the last byte of the body has come. */
  push(chunk: Buffer): number | undefined;
  /** The connection has ended: the status of an answer that lasts until then. */
  end(): number | undefined;
};

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';
/** Longest line before a chunk: sixteen hexadecimal digits, and nothing that servers add. */
const MAX_CHUNK_LINE = 20;

type Body = { kind: 'length' | 'chunks' | 'last-chunk' | 'until-close'; left: number };

/** For answers to GET and POST without informational ones (RFC 9112 6.3). Chunks have no extensions, their end no trailers. */
export function openAnswerReader(): AnswerReader {
  let head: Buffer = Buffer.alloc(0);
  let status = 0;
  let body: Body | undefined;

  const done = (): number => {
    head = Buffer.alloc(0);
    body = undefined;
    return status;
  };
  /** The chunk that begins in `bytes`, and those after it. `left` counts its data and the line end after them. */
  const takeChunks = (state: Body, bytes: Buffer): number | undefined => {
    let rest = bytes;
    for (;;) {
      const taken = Math.min(state.left, rest.length);
      state.left -= taken;
      rest = rest.subarray(taken);
      if (state.kind === 'last-chunk' && state.left === 0) return done();
      if (rest.length === 0) return undefined;
      const line = Buffer.concat([head, rest.subarray(0, MAX_CHUNK_LINE)]);
      const end = line.indexOf(LINE_END);
      if (end < 0) {
        head = line;
        return undefined;
      }
      const size = Number.parseInt(line.toString('latin1', 0, end), 16);
      if (size === 0) state.kind = 'last-chunk';
      rest = rest.subarray(end + LINE_END.length - head.length);
      head = Buffer.alloc(0);
      state.left = size + LINE_END.length;
    }
  };
  const takeBody = (state: Body, bytes: Buffer): number | undefined => {
    if (state.kind === 'until-close') return undefined;
    if (state.kind !== 'length') return takeChunks(state, bytes);
    state.left -= bytes.length;
    return state.left > 0 ? undefined : done();
  };

  return {
    push(chunk) {
      if (body) return takeBody(body, chunk);
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return undefined;
      const text = head.toString('latin1', 0, end);
      const rest = head.subarray(end + HEAD_END.length);
      head = Buffer.alloc(0);
      status = Number(text.slice(9, 12));
      body = bodyOf(text, status);
      return takeBody(body, rest);
    },
    end: () => (body?.kind === 'until-close' ? done() : undefined),
  };
}

function bodyOf(head: string, status: number): Body {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined || status === 204) return { kind: 'length', left: Number(length ?? 0) };
  return { kind: /\r\ntransfer-encoding: *chunked/i.test(head) ? 'chunks' : 'until-close', left: 0 };
}
