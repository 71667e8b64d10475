import {
  type ForeignMeasurement,
  type MeasuredValue,
  type Measurement,
  type MeasurementKind,
  POINTS_OF,
} from '../contract/measurements.ts';
import { type DataSet, itemsOf, textOf } from '../dicom/data-set.ts';
import {
  childNamed,
  childrenOf,
  codeOf,
  conceptOf,
  imageOf,
  isCode,
  measuredOf,
  personOf,
  pointsOf,
  valueTypeOf,
} from '../dicom/sr-items.ts';
import { Tag } from '../dicom/tags.ts';
import { isValidUid } from '../dicom/uids.ts';
import { Concept, kindOfQuantity, quantityOf, unitOf } from './measurement-codes.ts';

/** The measurements of a document that this product wrote; what it cannot have written is left out. */
export function readMeasurements(document: DataSet): Measurement[] {
  return groupsOf(document).flatMap((group) => measurementOf(group) ?? []);
}

/** The measurement groups (TID 1500) of a document of any program, with at least a number or a place. */
export function readForeignMeasurements(document: DataSet): ForeignMeasurement[] {
  const report_uid = textOf(document, Tag.SOPInstanceUID) ?? '';
  const observer = childNamed(document, Concept.observerName);
  const author = (observer && personOf(observer)) ?? null;
  return groupsOf(document)
    .map((group) => foreignOf(group, { report_uid, author }))
    .filter(({ values, points }) => values.length > 0 || points.length > 0);
}

/** The documents whose place this one takes. */
export function predecessorsOf(document: DataSet): string[] {
  return itemsOf(document, Tag.PredecessorDocumentsSequence)
    .flatMap((study) => itemsOf(study, Tag.ReferencedSeriesSequence))
    .flatMap((series) => itemsOf(series, Tag.ReferencedSOPSequence))
    .flatMap((instance) => textOf(instance, Tag.ReferencedSOPInstanceUID) ?? []);
}

function groupsOf(document: DataSet): DataSet[] {
  return childrenOf(document)
    .filter((item) => isCode(conceptOf(item), Concept.measurements))
    .flatMap(childrenOf)
    .filter((item) => isCode(conceptOf(item), Concept.group));
}

/** `space`: the frame of reference of points of the patient; undefined of points of the picture. */
type Place = { type: string; points: number[][]; image: ReturnType<typeof imageOf>; space: string | undefined };

function measurementOf(group: DataSet): Measurement | undefined {
  const values = valuesOf(group).flatMap(({ quantity, unit, value }): MeasuredValue[] => {
    const known = unitOf(unit);
    return quantity && known ? [{ quantity, value, unit: known }] : [];
  });
  const place = placeOf(group);
  const tracking_uid = uidOf(group);
  const label = textNamed(group, Concept.trackingIdentifier);
  const kind = place && kindOf(group, place, values);
  const measured_at = instantOf(textOf(group, Tag.ObservationDateTime));
  if (!place?.image || !kind || tracking_uid === null || label === null || measured_at === undefined) return undefined;
  const points = kind === 'rectangle' ? place.points.slice(0, -1) : place.points;
  if (points.length !== POINTS_OF[kind]) return undefined;
  const said = textNamed(group, Concept.comment);
  const observer = childNamed(group, Concept.observerName);
  return {
    tracking_uid,
    label,
    kind,
    sop_instance_uid: place.image.sopInstanceUid,
    frame: place.image.frame ?? 1,
    ...(place.space === undefined ? {} : { frame_of_reference_uid: place.space }),
    points,
    values,
    // An arrow without words carries its label.
    comment: (kind === 'arrow' || kind === 'probe') && values.length === 0 && said === label ? null : said,
    author: (observer && personOf(observer)) ?? '',
    measured_at,
  };
}

const CLOSED: ReadonlySet<string> = new Set(['POLYLINE', 'POLYGON']);

function kindOf(group: DataSet, { type, points }: Place, [first]: MeasuredValue[]): MeasurementKind | undefined {
  const isRegion = childNamed(group, Concept.region) !== undefined;
  if (isRegion) return type === 'ELLIPSE' ? 'ellipse' : CLOSED.has(type) && points.length === 5 ? 'rectangle' : undefined;
  if (first) return kindOfQuantity(first.quantity);
  return type === 'POINT' ? 'probe' : type === 'POLYLINE' ? 'arrow' : undefined;
}

function foreignOf(group: DataSet, { report_uid, author }: Pick<ForeignMeasurement, 'report_uid' | 'author'>): ForeignMeasurement {
  const place = placeOf(group);
  const finding = childNamed(group, Concept.finding);
  const observer = childNamed(group, Concept.observerName);
  return {
    report_uid,
    tracking_uid: uidOf(group),
    label: textNamed(group, Concept.trackingIdentifier),
    finding: (finding && codeOf(finding)?.meaning) ?? null,
    author: (observer && personOf(observer)) ?? author,
    sop_instance_uid: place?.image?.sopInstanceUid ?? null,
    frame: place?.image?.frame ?? null,
    graphic_type: place?.type ?? null,
    points: place?.points ?? [],
    values: valuesOf(group).map(({ quantity, name, value, unit }) => ({
      quantity: quantity ?? null,
      name,
      value,
      unit: unit?.value ?? '1',
    })),
  };
}

function valuesOf(group: DataSet) {
  return childrenOf(group).flatMap((item) => {
    const measured = valueTypeOf(item) === 'NUM' ? measuredOf(item) : undefined;
    if (!measured) return [];
    const concept = conceptOf(item);
    const derivedBy = childNamed(item, Concept.derivation);
    const derivation = derivedBy && codeOf(derivedBy);
    const name = [concept?.meaning, derivation?.meaning].filter(Boolean).join(', ');
    return [{ ...measured, quantity: quantityOf(concept, derivation), name }];
  });
}

/** Where the group is in a picture: its own region, or what its first number or text was inferred from. */
function placeOf(group: DataSet): Place | undefined {
  const items = childrenOf(group);
  for (const item of [...items, ...items.flatMap(childrenOf)]) {
    const isInSpace = valueTypeOf(item) === 'SCOORD3D';
    if (!isInSpace && valueTypeOf(item) !== 'SCOORD') continue;
    const image = isInSpace
      ? childNamed(group, Concept.sourceOfMeasurement)
      : childrenOf(item).find((child) => valueTypeOf(child) === 'IMAGE');
    const space = isInSpace ? textOf(item, Tag.ReferencedFrameOfReferenceUID) : undefined;
    return { type: textOf(item, Tag.GraphicType) ?? '', points: pointsOf(item), image: image && imageOf(image), space };
  }
  return undefined;
}

function textNamed(group: DataSet, concept: (typeof Concept)[keyof typeof Concept]): string | null {
  const item = childNamed(group, concept);
  return (item && textOf(item, Tag.TextValue)) ?? null;
}

function uidOf(group: DataSet): string | null {
  const item = childNamed(group, Concept.trackingUid);
  const uid = item && textOf(item, Tag.UID);
  return uid !== undefined && isValidUid(uid) ? uid : null;
}

/** The instant of a DT that says its offset as this product writes it. */
function instantOf(text: string | undefined): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d\.\d{3})\+0000$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hours, minutes, seconds] = parts;
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`;
}
