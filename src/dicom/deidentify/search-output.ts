import { encodeText } from '../charset.ts';
import { type Attribute, type DataSet, itemsOf, type Part10, type PersonName } from '../data-set.ts';
import { type InflateRaw, parsePart10 } from '../parse.ts';
import { Tag } from '../tags.ts';
import { transferSyntaxOf } from '../uids.ts';
import { isDummy } from './dummy-values.ts';
import { isNumberedId, saysIdentifier } from './find-identifiers.ts';
import { type Identifiers, isEmpty } from './identifiers.ts';
import { foldText } from './normalize-text.ts';
import { isSafeWord } from './safe-words.ts';

/** Where an identifier was found: the path of tags, or `bytes` for the raw file. Never what was found. */
export type Leak = { where: string };

/** In bytes that are no text, fewer letters than this turn up by chance. */
const SHORTEST_IN_BYTES = 8;
/** What was done stands here in the words of the standard, which may be somebody's name. */
const METHOD_TAGS: readonly string[] = [Tag.DeidentificationMethod, Tag.DeidentificationMethodCodeSequence];
/** Runs of characters shorter than this hold no identifier that is searched for. */
const SHORTEST_RUN = 4;
/** Bytes are read in pieces, which overlap by more than any identifier is long. */
const PIECE = 8 * 1024 * 1024;
const LONGEST_IDENTIFIER = 4096;

const latin1 = new TextDecoder('windows-1252');
/** Each byte of Latin-1 text as its letter without case and accent. */
const byteFolds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const folded = foldText(latin1.decode(Uint8Array.of(byte)));
  return folded.length === 1 && folded.charCodeAt(0) < 0x80 ? folded.charCodeAt(0) : byte;
});

/**
 * Searches a written file for identifiers: every text of every element at any depth, as a reader would decode it, and then all bytes
 * (file meta, preamble, pixels, compressed streams) read as ASCII, Latin-1, UTF-8 and UTF-16. Knows nothing of how the file was made.
 * In bytes that are no text, only names and IDs with letters and of at least 8 characters, and UIDs, can be told from chance.
 *
 * @throws {DicomError} if the file cannot be read
 */
export function searchOutput(file: Uint8Array, identifiers: Identifiers, inflateRaw?: InflateRaw): Leak[] {
  const part10 = parsePart10(file, { inflateRaw });
  if (isEmpty(identifiers)) return [];
  const leaks = new Set<string>();
  searchItem(part10.meta, '', identifiers, leaks);
  searchItem(part10.dataSet, '', identifiers, leaks);
  if (saysInBytes(file, identifiers)) leaks.add('bytes');
  if (searchInflated(part10, identifiers)) leaks.add('bytes');
  return [...leaks].map((where) => ({ where }));
}

/** Whether a text that was read out of the picture says an identifier; what text recognition reads has no reliable spaces. */
export function saysInPicture(texts: readonly string[], identifiers: Identifiers): boolean {
  return texts.some((text) => saysIdentifier(text, identifiers, 'text')) || saysIdentifier(texts.join(' '), identifiers, 'text');
}

function searchItem(dataSet: DataSet, path: string, identifiers: Identifiers, leaks: Set<string>): void {
  for (const [tag, attribute] of Object.entries(dataSet)) {
    const here = path === '' ? tag : `${path}.${tag}`;
    if (METHOD_TAGS.includes(here)) continue;
    for (const item of itemsOf(dataSet, tag)) searchItem(item, here, identifiers, leaks);
    const isCode = attribute.vr === 'CS' || tag === Tag.CodeValue || tag === Tag.CodingSchemeDesignator;
    const texts = textsOfAttribute(attribute).filter((text) => !isDummy(text));
    if (attribute.Value?.some((value) => isNumberedId(value, identifiers))) leaks.add(here);
    if (texts.some((text) => saysIdentifier(text, identifiers, isCode ? 'code' : 'text'))) leaks.add(here);
  }
}

function textsOfAttribute({ vr, Value = [], bytes }: Attribute): string[] {
  // UIDs of another root may hold any run of digits: only whole UIDs are looked for in them, and numbers are no text at all.
  if (vr === 'UI') return Value.flatMap((value) => (typeof value === 'string' ? [`uid ${value}`] : [])).filter(isOldUid);
  if (vr === 'UN' && bytes !== undefined) return runsOf(bytes);
  return Value.flatMap((value) => {
    if (typeof value === 'string') return [value];
    if (vr !== 'PN' || value === null || typeof value !== 'object') return [];
    return Object.values(value as PersonName).filter((group) => typeof group === 'string');
  });
}

function isOldUid(text: string): boolean {
  return !text.startsWith('uid 2.25.');
}

/** A deflated data set shows its text only when inflated, which the parser has done. */
function searchInflated({ dataSet, transferSyntaxUid }: Part10, identifiers: Identifiers): boolean {
  if (!transferSyntaxOf(transferSyntaxUid).deflated) return false;
  return Object.values(dataSet).some(({ bytes }) => bytes !== undefined && saysInBytes(bytes, identifiers));
}

function saysInBytes(bytes: Uint8Array, { words, phrases, uids }: Identifiers): boolean {
  // Words of radiology may stand in codes, whoever else bears them.
  const long = [...words, ...phrases].filter((text) => text.length >= SHORTEST_IN_BYTES && /\p{L}/u.test(text) && !isSafeWord(text));
  // What is outside of Latin-1 is looked for as UTF-8.
  const searched = [...long, ...uids].map((text) => (/^[\x20-\x7e]*$/.test(text) ? text : latin1.decode(encodeText(text))));
  if (searched.length === 0) return false;
  for (let start = 0; start < bytes.length; start += PIECE) {
    const piece = bytes.subarray(start, start + PIECE + LONGEST_IDENTIFIER);
    const readings = (['latin-1', 'utf-8', 'utf-16'] as const).map((encoding) => foldedBytes(piece, encoding));
    if (searched.some((one) => readings.some((text) => text.includes(one)))) return true;
  }
  return false;
}

/**
 * Bytes as folded text, a letter a character. UTF-16: zeros are left out, so that either byte order reads like Latin-1. UTF-8: the letters of
 * Latin-1 are two bytes there, of which the first is 0xC3.
 */
function foldedBytes(bytes: Uint8Array, encoding: 'latin-1' | 'utf-8' | 'utf-16'): string {
  const folded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes[at] ?? 0;
    if (encoding === 'utf-16' && byte === 0) continue;
    const next = bytes[at + 1] ?? 0;
    if (encoding === 'utf-8' && byte === 0xc3 && next >= 0x80 && next < 0xc0) {
      byte = next + 0x40;
      at += 1;
    }
    folded[length] = byteFolds[byte] ?? byte;
    length += 1;
  }
  return latin1.decode(folded.subarray(0, length));
}

/** Printable runs in bytes of unknown VR. */
function runsOf(bytes: Uint8Array): string[] {
  const narrow = latin1.decode(bytes);
  return [narrow, narrow.replaceAll('\0', ''), new TextDecoder('utf-8').decode(bytes)].flatMap((text) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what ends a run of text
    text.split(/[\0-\x1f\x7f]+/).filter((run) => run.length >= SHORTEST_RUN),
  );
}
