/** Every code point that the fonts can show. */
export type Coverage = (codePoint: number) => boolean;

/**
 * Reads which characters TrueType fonts have glyphs for (OpenType `cmap`, subtables of format 4 and 12). PDF/A forbids a page with a
 * missing glyph, so the text is checked before it is set.
 *
 * @throws {RangeError} for bytes that are no font
 */
export function coverageOf(fonts: readonly Uint8Array[]): Coverage {
  const covered = new Set<number>();
  for (const font of fonts) readCmap(font, covered);
  return (codePoint) => covered.has(codePoint);
}

function readCmap(font: Uint8Array, covered: Set<number>): void {
  const file = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = tableOffset(file, 'cmap');
  if (cmap === undefined) throw new RangeError('A font without a cmap table');
  const subtables = file.getUint16(cmap + 2);
  for (let index = 0; index < subtables; index++) {
    const platform = file.getUint16(cmap + 4 + index * 8);
    const start = cmap + file.getUint32(cmap + 8 + index * 8);
    const format = file.getUint16(start);
    // Platforms 0 and 3 map Unicode; 1 is Macintosh's own character sets.
    if (platform === 1) continue;
    if (format === 4) readFormat4(file, start, covered);
    if (format === 12) readFormat12(file, start, covered);
  }
}

/** Table directory: 16 bytes each of tag, checksum, offset, length. */
function tableOffset(file: DataView, tag: string): number | undefined {
  const tables = file.getUint16(4);
  for (let index = 0; index < tables; index++) {
    const entry = 12 + index * 16;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => file.getUint8(entry + byte)));
    if (name === tag) return file.getUint32(entry + 8);
  }
  return undefined;
}

function readFormat4(file: DataView, start: number, covered: Set<number>): void {
  const doubledSegments = file.getUint16(start + 6);
  const ends = start + 14;
  const starts = ends + doubledSegments + 2;
  const deltas = starts + doubledSegments;
  const rangeOffsets = deltas + doubledSegments;
  for (let at = 0; at < doubledSegments; at += 2) {
    const first = file.getUint16(starts + at);
    const last = file.getUint16(ends + at);
    const delta = file.getUint16(deltas + at);
    const rangeOffset = file.getUint16(rangeOffsets + at);
    for (let code = first; code <= last && code !== 0xffff; code++) {
      const glyph = rangeOffset === 0 ? code + delta : file.getUint16(rangeOffsets + at + rangeOffset + (code - first) * 2);
      if ((glyph & 0xffff) !== 0) covered.add(code);
    }
  }
}

function readFormat12(file: DataView, start: number, covered: Set<number>): void {
  const groups = file.getUint32(start + 12);
  for (let index = 0; index < groups; index++) {
    const group = start + 16 + index * 12;
    const last = file.getUint32(group + 4);
    for (let code = file.getUint32(group); code <= last; code++) covered.add(code);
  }
}
