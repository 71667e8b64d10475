/** An element of an XML document, with its attributes and children as they stand. */
export type XmlElement = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };

const NAME = /^[A-Za-z_][\w.-]*/;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a document without namespaces, comments and document types; strict, so that what it takes is well-formed.
 *
 * @throws {Error} for anything else
 */
export function parseXml(text: string): XmlElement {
  const reader = { text: text.replace(/^<\?xml [^?]*\?>\s*/, ''), at: 0 };
  const root = readElement(reader);
  if (reader.text.slice(reader.at).trim() !== '') throw new Error('Something stands behind the document');
  return root;
}

type Reader = { text: string; at: number };

function readElement(reader: Reader): XmlElement {
  expectText(reader, '<');
  const element: XmlElement = { name: readName(reader), attributes: readAttributes(reader), children: [], text: '' };
  if (take(reader, '/>')) return element;
  expectText(reader, '>');
  while (!take(reader, `</${element.name}>`)) {
    if (reader.text[reader.at] === '<') element.children.push(readElement(reader));
    else element.text += readText(reader);
  }
  return element;
}

function readAttributes(reader: Reader): Record<string, string> {
  const attributes: Record<string, string> = {};
  while (take(reader, ' ')) {
    const name = readName(reader);
    expectText(reader, '="');
    const end = reader.text.indexOf('"', reader.at);
    if (end < 0 || name in attributes) throw new Error(`The attribute ${name} does not end, or is there twice`);
    attributes[name] = decode(reader.text.slice(reader.at, end));
    reader.at = end + 1;
  }
  return attributes;
}

function readText(reader: Reader): string {
  const end = reader.text.indexOf('<', reader.at);
  if (end < 0) throw new Error('The document ends within an element');
  const text = decode(reader.text.slice(reader.at, end));
  reader.at = end;
  return text;
}

function decode(text: string): string {
  if (/[<>]|&(?!(amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`Not escaped: ${text}`);
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) throw new Error('A character that XML does not have');
  return text.replaceAll(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
}

function readName(reader: Reader): string {
  const [name] = NAME.exec(reader.text.slice(reader.at, reader.at + 100)) ?? [];
  if (!name) throw new Error(`A name expected at ${reader.at}`);
  reader.at += name.length;
  return name;
}

function take(reader: Reader, text: string): boolean {
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

function expectText(reader: Reader, text: string): void {
  if (!take(reader, text)) throw new Error(`${text} expected at ${reader.at}`);
}
