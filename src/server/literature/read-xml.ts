import { type SaxesAttributePlain, SaxesParser, type SaxesTagPlain } from 'saxes';
import { AppError } from '../platform/errors.ts';

/** An element with what is in it, in order. */
export type XmlElement = { name: string; attributes: Record<string, string>; content: (string | XmlElement)[] };

/** Nothing that is read here nests deeper. */
const MAX_DEPTH = 64;
/** Characters of one record: the longest abstracts have some ten thousand. */
const MAX_RECORD_CHARACTERS = 4_194_304;

/**
 * The elements of these names, one after the other, out of a document that may be larger than memory. Document types are skipped and never
 * followed; entities other than the five of XML are errors.
 *
 * @throws {AppError} `invalid-request` for what is no well-formed XML, ends too early, or nests or grows past what records do
 */
export async function* readXmlElements(text: AsyncIterable<string>, names: ReadonlySet<string>): AsyncGenerator<XmlElement> {
  const found: XmlElement[] = [];
  const parser = openParser(names, (element) => found.push(element));
  for await (const piece of text) {
    parser.write(piece);
    yield* found.splice(0);
  }
  parser.close();
  yield* found.splice(0);
}

function openParser(names: ReadonlySet<string>, take: (element: XmlElement) => void): SaxesParser {
  const parser = new SaxesParser({ xmlns: false, position: false });
  /** What is open within a record, the record first. */
  let open: XmlElement[] = [];
  let depth = 0;
  let characters = 0;
  const add = (text: string): void => {
    const inside = open.at(-1);
    if (!inside) return;
    characters += text.length;
    if (characters > MAX_RECORD_CHARACTERS) throw notReadable('a record is larger than records are');
    inside.content.push(text);
  };
  parser.on('error', (error) => {
    throw notReadable(error.message.replace(/^\d+:\d+: /, '').slice(0, 200));
  });
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) throw notReadable('it declares entities of its own');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw notReadable('it nests too deeply');
    if (open.length === 0 && !names.has(tag.name)) return;
    const element = { name: tag.name, attributes: attributesOf(tag), content: [] };
    open.at(-1)?.content.push(element);
    if (open.length === 0) characters = 0;
    open.push(element);
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    depth -= 1;
    const closed = open.at(-1);
    if (!closed) return;
    open = open.slice(0, -1);
    if (open.length === 0) take(closed);
  });
  return parser;
}

function attributesOf(tag: SaxesTagPlain): Record<string, string> {
  const attributes: Record<string, string | SaxesAttributePlain> = tag.attributes;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? value : value.value]));
}

function notReadable(reason: string): AppError {
  return new AppError('invalid-request', `The XML cannot be read: ${reason}`);
}

/** The first element at a path of names. */
export function elementAt(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let at = element;
  for (const name of path) at = at && elementsOf(at, name)[0];
  return at;
}

/** The children of a name. */
export function elementsOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return (element?.content ?? []).filter((part): part is XmlElement => typeof part !== 'string' && part.name === name);
}

/** The text in an element and everything below it, white space as single spaces; empty if there is none. */
export function textOf(element: XmlElement | undefined): string {
  return element ? rawTextOf(element).replaceAll(/\s+/g, ' ').trim() : '';
}

function rawTextOf({ content }: XmlElement): string {
  return content.map((part) => (typeof part === 'string' ? part : rawTextOf(part))).join('');
}
