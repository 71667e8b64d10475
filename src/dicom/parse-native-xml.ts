import { DicomError, type PersonName } from './data-set.ts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from './dicom-json.ts';
import { readXml, type XmlReader } from './parse-xml.ts';
import { isVr, vrInfo } from './vr.ts';

const GROUPS: ReadonlySet<string> = new Set(['Alphabetic', 'Ideographic', 'Phonetic'] satisfies (keyof PersonName)[]);
const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];
/** Values of a document that may be left out by the numbers of those that stand there: a few bytes of text must not become gigabytes. */
const MAX_LEFT_OUT = 65_536;

/** `leftOut`: how many values the document may still leave out. */
type Budget = { leftOut: number };

/**
 * A document of the Native DICOM Model (PS3.19 A.1) as a data set of the DICOM JSON Model: the reverse of `writeNativeXml`.
 *
 * @throws {DicomError} if it is no such document
 */
export function parseNativeXml(text: string): DicomJson {
  const json: DicomJson = {};
  const budget: Budget = { leftOut: MAX_LEFT_OUT };
  readXml(text, {
    child: (name) => (name === 'NativeDicomModel' ? modelReader(json, budget) : unexpected(name)),
    end: () => undefined,
  });
  return json;
}

/** Attributes of a data set, be it the document's or an item's. */
function modelReader(json: DicomJson, budget: Budget): XmlReader {
  return {
    child: (name, { tag = '', vr }) => {
      if (name !== 'DicomAttribute' || !/^[0-9A-Fa-f]{8}$/.test(tag)) return unexpected(name);
      const key = tag.toUpperCase();
      if (!isVr(vr)) throw new DicomError('an attribute has no VR', { tag: key });
      if (Object.hasOwn(json, key)) throw new DicomError('an attribute stands twice', { tag: key });
      const attribute: DicomJsonAttribute = { vr };
      json[key] = attribute;
      return attributeReader(attribute, key, budget);
    },
    end: () => undefined,
  };
}

function attributeReader(attribute: DicomJsonAttribute, tag: string, budget: Budget): XmlReader {
  const { vr } = attribute;
  return {
    child: (name, { number, uri, uuid }) => {
      if (name === 'BulkData') {
        attribute.BulkDataURI = uri ?? uuid ?? '';
        return leaf(() => undefined);
      }
      if (name === 'InlineBinary')
        return leaf((text) => {
          attribute.InlineBinary = text.replaceAll(/\s/g, '');
        });
      attribute.Value ??= [];
      const put = placing(attribute.Value, number, budget);
      if (!put) throw new DicomError('a value has no place', { tag });
      if (name === 'Item' && vr === 'SQ') return modelReader(put({}), budget);
      if (name === 'PersonName' && vr === 'PN') return nameReader(put({}));
      if (name === 'Value' && vr !== 'SQ' && vr !== 'PN') return leaf((text) => put(typedValue(text, vr)));
      return unexpected(name);
    },
    end: () => undefined,
  };
}

/** Puts a value at its number, from 1; numbers that are left out stand for empty values. Undefined where the number is none. */
function placing(values: DicomJsonValue[], number: string | undefined, budget: Budget) {
  const place = Number(number ?? values.length + 1);
  const added = place - values.length;
  if (!Number.isInteger(place) || place < 1) return undefined;
  if (added > 1) budget.leftOut -= added - 1;
  if (budget.leftOut < 0) return undefined;
  while (values.length < place) values.push(null);
  return <T extends DicomJsonValue>(value: T): T => {
    values[place - 1] = value;
    return value;
  };
}

function typedValue(text: string, vr: DicomJsonAttribute['vr']): DicomJsonValue {
  const isNumber = (vrInfo[vr].kind === 'number' && vr !== 'AT') || vr === 'DS' || vr === 'IS';
  if (!isNumber || vr === 'SV' || vr === 'UV') return text;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text.trim();
}

function nameReader(person: PersonName): XmlReader {
  return {
    child: (group) => {
      if (!GROUPS.has(group)) return unexpected(group);
      const components: string[] = COMPONENTS.map(() => '');
      return {
        child: (component) =>
          leaf((text) => {
            const index = COMPONENTS.indexOf(component);
            if (index < 0) unexpected(component);
            components[index] = text;
          }),
        end: () => {
          person[group as keyof PersonName] = components.join('^').replace(/\^+$/, '');
        },
      };
    },
    end: () => undefined,
  };
}

/** An element that holds text alone. */
function leaf(end: (text: string) => void): XmlReader {
  return { child: unexpected, end };
}

function unexpected(name: string): never {
  throw new DicomError(`the XML is not of the Native DICOM Model: ${name.slice(0, 40)} stands where it cannot`);
}
