import { SaxesParser } from 'saxes';
import { DicomError } from './data-set.ts';

type XmlAttributes = Readonly<Record<string, string | undefined>>;
/** What an element of an XML document is read into. Names come without their namespace prefix. */
export type XmlReader = {
  /** Reads an element inside of this one. */
  child(name: string, attributes: XmlAttributes): XmlReader;
  /** @param text all character data directly inside of the element */
  end(text: string): void;
};

/** Sequences nest to 64 levels; each takes two elements of the Native DICOM Model. */
const MAX_DEPTH = 256;

/**
 * Reads an XML 1.0 document without keeping it. Document types, and with them entities of one's own, are refused: they are how XML is made
 * to read other files or to explode.
 *
 * @throws {DicomError} if the document is not well-formed; what a reader throws
 */
export function readXml(text: string, document: XmlReader): void {
  const parser = new SaxesParser();
  const open: { reader: XmlReader; text: string }[] = [{ reader: document, text: '' }];
  const refuse = (reason: string): never => {
    throw new DicomError(`the XML is not accepted: ${reason}`, { offset: parser.position });
  };
  const add = (characters: string): void => {
    const last = open.at(-1);
    if (last) last.text += characters;
  };
  parser.on('error', () => refuse('it is not well-formed'));
  parser.on('doctype', () => refuse('it has a document type'));
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > MAX_DEPTH) refuse(`elements nest deeper than ${MAX_DEPTH} levels`);
    const reader = open.at(-1)?.reader ?? refuse('it is not well-formed');
    open.push({ reader: reader.child(localName(name), withoutPrefixes(attributes)), text: '' });
  });
  parser.on('closetag', () => {
    const last = open.pop();
    last?.reader.end(last.text);
  });
  parser.write(text.replace(/^\uFEFF/, '')).close();
}

function withoutPrefixes(attributes: Readonly<Record<string, string>>): XmlAttributes {
  // A map from the document: it has no prototype that a name of it could be taken for.
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [localName(name), value])),
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
