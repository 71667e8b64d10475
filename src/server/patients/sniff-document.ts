import { SaxesParser } from 'saxes';
import type { DocumentType } from '../../contract/patients-documents.ts';
import { sniff } from '../studies/sniff.ts';

/** The signature of a PDF stands within this many bytes (ISO 32000-1, implementation note 13 of annex H). */
const PDF_HEAD = 1_024;
const CDA_NAMESPACE = 'urn:hl7-org:v3';
/** What plain text does not hold: control characters besides tab, line feed, form feed and carriage return. */
const NOT_TEXT = /(?![\t\n\f\r])\p{Cc}/u;

/** What a document is by its content; undefined for what is not taken. */
export function sniffDocument(bytes: Uint8Array): DocumentType | undefined {
  if (Buffer.from(bytes.subarray(0, PDF_HEAD)).includes('%PDF-')) return 'application/pdf';
  const kind = sniff(bytes);
  if (kind === 'png') return 'image/png';
  if (kind === 'jpeg') return 'image/jpeg';
  return kind === 'unknown' ? sniffText(bytes) : undefined;
}

function sniffText(bytes: Uint8Array): DocumentType | undefined {
  const text = textOf(bytes);
  if (text === undefined || NOT_TEXT.test(text)) return undefined;
  const start = text.trimStart();
  if (start.startsWith('{') && isFhir(text)) return 'application/fhir+json';
  // Of what is written in angle brackets only a clinical document is one; the rest might be run by whoever opens it.
  if (start.startsWith('<')) return isClinicalDocument(start) ? 'application/hl7-cda+xml' : undefined;
  return start === '' ? undefined : 'text/plain';
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isFhir(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'resourceType' in json && typeof json.resourceType === 'string';
  } catch {
    return false;
  }
}

/** Well-formed XML whose root is a ClinicalDocument of HL7 version 3, without a document type: that could make it grow or fetch. */
function isClinicalDocument(xml: string): boolean {
  let root: { local: string; uri: string } | undefined;
  let isSound = true;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => {
    isSound = false;
  });
  parser.on('doctype', () => {
    isSound = false;
  });
  parser.on('opentag', ({ local, uri }) => {
    root ??= { local, uri };
  });
  try {
    parser.write(xml).close();
  } catch {
    return false;
  }
  return isSound && root?.local === 'ClinicalDocument' && root.uri === CDA_NAMESPACE;
}
