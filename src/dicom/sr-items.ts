import { type DataSet, itemsOf, numbersOf, type PersonName, personNameOf, textOf, type Value, type Vr } from './data-set.ts';
import { Tag } from './tags.ts';

/** A coded concept: what a code means in its scheme (PS3.3 8.8). */
export type Code = { value: string; scheme: string; meaning: string };

/** How a content item stands to the one that holds it (PS3.3 C.17.3.2.4). */
export type Relationship =
  | 'CONTAINS'
  | 'HAS OBS CONTEXT'
  | 'HAS ACQ CONTEXT'
  | 'HAS CONCEPT MOD'
  | 'HAS PROPERTIES'
  | 'INFERRED FROM'
  | 'SELECTED FROM';

/** A picture that a content item points to; `frame` only where the object has several (PS3.3 10.3). */
export type ImageReference = { sopClassUid: string; sopInstanceUid: string; frame: number | null };

type Content = { relationship: Relationship; concept?: Code | undefined; children?: DataSet[] | undefined };

export function containerItem(content: Content & { template?: string | undefined; at?: string | undefined }): DataSet {
  return contentItem('CONTAINER', content, {
    ...(content.at === undefined ? {} : { [Tag.ObservationDateTime]: one('DT', content.at) }),
    ...containerAttributes(content.template),
  });
}

/** What makes a data set a container, be it the root of a document or an item in it. @param template identifier in DCMR (PS3.16) */
export function containerAttributes(template?: string): DataSet {
  const identification: DataSet = {
    [Tag.MappingResource]: one('CS', 'DCMR'),
    [Tag.TemplateIdentifier]: one('CS', template ?? ''),
  };
  return {
    [Tag.ContinuityOfContent]: one('CS', 'SEPARATE'),
    ...(template === undefined ? {} : { [Tag.ContentTemplateSequence]: { vr: 'SQ', Value: [identification] } }),
  };
}

export function codeItem(content: Content, code: Code): DataSet {
  return contentItem('CODE', content, { [Tag.ConceptCodeSequence]: { vr: 'SQ', Value: [codeAttributes(code)] } });
}

export function textItem(content: Content, text: string): DataSet {
  return contentItem('TEXT', content, { [Tag.TextValue]: one('UT', text) });
}

export function uidItem(content: Content, uid: string): DataSet {
  return contentItem('UIDREF', content, { [Tag.UID]: one('UI', uid) });
}

export function personItem(content: Content, name: PersonName): DataSet {
  return contentItem('PNAME', content, { [Tag.PersonName]: { vr: 'PN', Value: [name] } });
}

/** A number; all its bits stand in Floating Point Value, because Numeric Value has 16 characters only (PS3.3 C.18.1). */
export function numberItem(content: Content, value: number, unit: Code): DataSet {
  const measured: DataSet = {
    [Tag.MeasurementUnitsCodeSequence]: { vr: 'SQ', Value: [codeAttributes(unit)] },
    [Tag.FloatingPointValue]: one('FD', value),
    [Tag.NumericValue]: one('DS', value),
  };
  return contentItem('NUM', content, { [Tag.MeasuredValueSequence]: { vr: 'SQ', Value: [measured] } });
}

/** Spatial coordinates, column and row by turns, in the picture that is the item's child (PS3.3 C.18.6). */
export function coordinatesItem(content: Content, graphicType: string, coordinates: readonly number[]): DataSet {
  return contentItem('SCOORD', content, {
    [Tag.GraphicData]: { vr: 'FL', Value: [...coordinates] },
    [Tag.GraphicType]: one('CS', graphicType),
  });
}

/** Points of the patient, x, y, z by turns, LPS, mm (PS3.3 C.18.9). */
export function spaceCoordinatesItem(
  content: Content,
  { graphicType, frameOfReferenceUid }: { graphicType: string; frameOfReferenceUid: string },
  coordinates: readonly number[],
): DataSet {
  return contentItem('SCOORD3D', content, {
    [Tag.ReferencedFrameOfReferenceUID]: one('UI', frameOfReferenceUid),
    [Tag.GraphicData]: { vr: 'FL', Value: [...coordinates] },
    [Tag.GraphicType]: one('CS', graphicType),
  });
}

export function imageItem(content: Content, { sopClassUid, sopInstanceUid, frame }: ImageReference): DataSet {
  const reference: DataSet = {
    [Tag.ReferencedSOPClassUID]: one('UI', sopClassUid),
    [Tag.ReferencedSOPInstanceUID]: one('UI', sopInstanceUid),
    ...(frame === null ? {} : { [Tag.ReferencedFrameNumber]: one('IS', frame) }),
  };
  return contentItem('IMAGE', content, { [Tag.ReferencedSOPSequence]: { vr: 'SQ', Value: [reference] } });
}

export function codeAttributes({ value, scheme, meaning }: Code): DataSet {
  return {
    [Tag.CodeValue]: one('SH', value),
    [Tag.CodingSchemeDesignator]: one('SH', scheme),
    [Tag.CodeMeaning]: one('LO', meaning),
  };
}

/** The content items of a document or of an item. */
export function childrenOf(item: DataSet): DataSet[] {
  return itemsOf(item, Tag.ContentSequence);
}

export function valueTypeOf(item: DataSet): string | undefined {
  return textOf(item, Tag.ValueType);
}

/** The name of a content item; undefined if it has none. */
export function conceptOf(item: DataSet): Code | undefined {
  return codeIn(item, Tag.ConceptNameCodeSequence);
}

/** What a CODE says. */
export function codeOf(item: DataSet): Code | undefined {
  return codeIn(item, Tag.ConceptCodeSequence);
}

/** Whether two codes are the same, whatever they are called. */
export function isCode(code: Code | undefined, { value, scheme }: Pick<Code, 'value' | 'scheme'>): boolean {
  return code?.value === value && code.scheme === scheme;
}

/** The first child whose name is `concept`. */
export function childNamed(item: DataSet, concept: Pick<Code, 'value' | 'scheme'>): DataSet | undefined {
  return childrenOf(item).find((child) => isCode(conceptOf(child), concept));
}

/** Number and unit of a NUM, the number with all the bits that were written; undefined if it has none. */
export function measuredOf(item: DataSet): { value: number; unit: Code | undefined } | undefined {
  const [measured] = itemsOf(item, Tag.MeasuredValueSequence);
  const [value] = measured ? [...numbersOf(measured, Tag.FloatingPointValue), ...numbersOf(measured, Tag.NumericValue)] : [];
  return measured && value !== undefined ? { value, unit: codeIn(measured, Tag.MeasurementUnitsCodeSequence) } : undefined;
}

/** Coordinates of a SCOORD as points of column and row, of a SCOORD3D as points of x, y and z. */
export function pointsOf(item: DataSet): number[][] {
  const flat = numbersOf(item, Tag.GraphicData);
  const size = valueTypeOf(item) === 'SCOORD3D' ? 3 : 2;
  return Array.from({ length: Math.floor(flat.length / size) }, (_, index) => flat.slice(size * index, size * (index + 1)));
}

/** The picture that an IMAGE points to. */
export function imageOf(item: DataSet): { sopInstanceUid: string; frame: number | null } | undefined {
  const [reference] = itemsOf(item, Tag.ReferencedSOPSequence);
  const sopInstanceUid = reference && textOf(reference, Tag.ReferencedSOPInstanceUID);
  if (!reference || sopInstanceUid === undefined) return undefined;
  return { sopInstanceUid, frame: numbersOf(reference, Tag.ReferencedFrameNumber)[0] ?? null };
}

/** A person's name in one line. */
export function personOf(item: DataSet): string | undefined {
  return personNameOf(item, Tag.PersonName)?.Alphabetic?.replaceAll('^', ' ').trim();
}

function contentItem(valueType: string, { relationship, concept, children = [] }: Content, attributes: DataSet): DataSet {
  return {
    [Tag.RelationshipType]: one('CS', relationship),
    [Tag.ValueType]: one('CS', valueType),
    ...(concept ? { [Tag.ConceptNameCodeSequence]: { vr: 'SQ', Value: [codeAttributes(concept)] } } : {}),
    ...attributes,
    ...(children.length > 0 ? { [Tag.ContentSequence]: { vr: 'SQ', Value: children } } : {}),
  };
}

/** Codes of more than 16 characters, and those that are addresses, stand in attributes of their own (PS3.3 8.8). */
function codeIn(item: DataSet, sequence: string): Code | undefined {
  const [code] = itemsOf(item, sequence);
  const value = code && (textOf(code, Tag.CodeValue) ?? textOf(code, Tag.LongCodeValue) ?? textOf(code, Tag.URNCodeValue));
  if (!code || value === undefined) return undefined;
  return { value, scheme: textOf(code, Tag.CodingSchemeDesignator) ?? '', meaning: textOf(code, Tag.CodeMeaning) ?? value };
}

function one(vr: Vr, value: Value): { vr: Vr; Value: Value[] } {
  return { vr, Value: [value] };
}
