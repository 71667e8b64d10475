import type { PersonName } from './data-set.ts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from './dicom-json.ts';
import { isPrivate, keywordOf } from './dictionary.ts';

/** Of the Native DICOM Model (PS3.19 A.1). */
const NAMESPACE = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;
const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/**
 * A data set of the DICOM JSON Model as an XML document of the Native DICOM Model (PS3.19 A.1): attributes in ascending order at every
 * level, keywords and private creators named. Characters that XML 1.0 cannot hold become U+FFFD.
 */
export function writeNativeXml(json: DicomJson): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${NAMESPACE}" xml:space="preserve">${attributesOf(json)}</NativeDicomModel>`;
}

function attributesOf(json: DicomJson): string {
  return Object.keys(json)
    .sort()
    .map((tag) => attributeXml(json, tag))
    .join('');
}

function attributeXml(json: DicomJson, tag: string): string {
  const attribute = json[tag];
  if (attribute === undefined) return '';
  const keyword = keywordOf(tag);
  const creator = creatorOf(json, tag);
  const named = keyword === undefined ? '' : ` keyword="${keyword}"`;
  const owned = creator === undefined ? '' : ` privateCreator="${escaped(creator)}"`;
  const start = `<DicomAttribute${named} tag="${tag}" vr="${attribute.vr}"${owned}`;
  const content = contentOf(attribute);
  return content === '' ? `${start}/>` : `${start}>${content}</DicomAttribute>`;
}

/** Who defined a private attribute: (gggg,00bb) of its block. */
function creatorOf(json: DicomJson, tag: string): string | undefined {
  if (!isPrivate(tag) || tag.startsWith('00', 4)) return undefined;
  const creator = json[`${tag.slice(0, 4)}00${tag.slice(4, 6)}`]?.Value?.[0];
  return typeof creator === 'string' ? creator : undefined;
}

function contentOf({ vr, Value = [], BulkDataURI, InlineBinary }: DicomJsonAttribute): string {
  if (BulkDataURI !== undefined) return `<BulkData uri="${escaped(BulkDataURI)}"/>`;
  if (InlineBinary !== undefined) return `<InlineBinary>${InlineBinary}</InlineBinary>`;
  return Value.map((value, index) => {
    const number = ` number="${index + 1}"`;
    // By the JSON model, objects are items in a sequence and person names in PN.
    if (vr === 'SQ') return `<Item${number}>${attributesOf((value ?? {}) as DicomJson)}</Item>`;
    if (vr === 'PN') return value === null ? '' : `<PersonName${number}>${groupsOf(value as PersonName)}</PersonName>`;
    return valueXml(value, number);
  }).join('');
}

function valueXml(value: DicomJsonValue, number: string): string {
  return value === null ? '' : `<Value${number}>${escaped(String(value))}</Value>`;
}

function groupsOf(name: PersonName): string {
  return GROUPS.map((group) => {
    const written = name[group];
    return written === undefined ? '' : `<${group}>${componentsOf(written)}</${group}>`;
  }).join('');
}

function componentsOf(group: string): string {
  const components = group.split('^');
  return COMPONENTS.map((element, index) => {
    const component = components[index] ?? '';
    return component === '' ? '' : `<${element}>${escaped(component)}</${element}>`;
  }).join('');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}
