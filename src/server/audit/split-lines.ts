const NEWLINE = 0x0a;

/**
 * The lines of a file, each up to its line feed and without it; undefined for bytes that are not UTF-8, and for what stands behind the
 * last line feed. Memory grows with the longest line.
 */
export async function* splitLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes: Uint8Array): string | undefined => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
  let rest: Uint8Array[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      yield decode(Buffer.concat([...rest, piece.subarray(from, at)]));
      rest = [];
      from = at + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  }
  if (rest.length > 0) yield undefined;
}
