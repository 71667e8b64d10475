import type { LightMyRequestResponse } from 'fastify';

export type Part = { headers: Record<string, string>; body: Buffer };

/** Takes a multipart/related answer apart, strictly by RFC 2046: delimiters as told, each part with its head, the end marked. */
export function partsOf(response: LightMyRequestResponse): Part[] {
  const boundary = /^multipart\/related;.*boundary=([^;]+)/.exec(String(response.headers['content-type']))?.[1];
  if (boundary === undefined) throw new Error(`Not multipart/related: ${response.statusCode} ${response.headers['content-type']}`);
  const [opening, delimiter] = [Buffer.from(`--${boundary}\r\n`), Buffer.from(`\r\n--${boundary}`)];
  const body = response.rawPayload;
  if (!body.subarray(0, opening.length).equals(opening)) throw new Error('The body does not begin with a delimiter');
  const parts: Part[] = [];
  let position = opening.length;
  for (;;) {
    const end = body.indexOf(delimiter, position);
    if (end < 0) throw new Error('A part has no end');
    parts.push(partOf(body.subarray(position, end)));
    const after = body.subarray(end + delimiter.length);
    if (after.toString('latin1') === '--\r\n') return parts;
    if (after.subarray(0, 2).toString('latin1') !== '\r\n') throw new Error('Something follows a delimiter');
    position = end + delimiter.length + 2;
  }
}

function partOf(bytes: Buffer): Part {
  const head = bytes.indexOf('\r\n\r\n');
  const lines = bytes.subarray(0, head).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { headers: Object.fromEntries(headers), body: bytes.subarray(head + 4) };
}
