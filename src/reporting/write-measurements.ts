import { type Measurement, type MeasurementInput, POINTS_OF } from '../contract/measurements.ts';
import type { DataSet, PersonName, Value, Vr } from '../dicom/data-set.ts';
import {
  codeAttributes,
  codeItem,
  containerAttributes,
  containerItem,
  coordinatesItem,
  imageItem,
  numberItem,
  personItem,
  spaceCoordinatesItem,
  textItem,
  uidItem,
} from '../dicom/sr-items.ts';
import { Tag, tagsInOrder } from '../dicom/tags.ts';
import { Concept, codesOf, PRIVATE_SCHEME, unitCode } from './measurement-codes.ts';

export const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';

/** A picture that is measured in. */
export type MeasuredImage = { series_instance_uid: string; sop_class_uid: string; number_of_frames: number };

export type MeasurementDocument = {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  /** The document whose place it takes. */
  predecessor: string | null;
  /** ISO 8601 instant in UTC. */
  at: string;
  observer: string;
  items: readonly Measurement[];
  /** By SOP Instance UID; every item's is there. */
  images: ReadonlyMap<string, MeasuredImage>;
  /** A data set of the study, whose patient and study it repeats. */
  of: DataSet;
};

/** What a document repeats of its study, empty where the study does not say it (PS3.3 C.7.1.1, C.7.2.1). */
const REPEATED: readonly [string, Vr, 'always' | 'if known'][] = [
  [Tag.StudyDate, 'DA', 'always'],
  [Tag.StudyTime, 'TM', 'always'],
  [Tag.AccessionNumber, 'SH', 'always'],
  [Tag.ReferringPhysicianName, 'PN', 'always'],
  [Tag.StudyDescription, 'LO', 'if known'],
  [Tag.PatientName, 'PN', 'always'],
  [Tag.PatientID, 'LO', 'always'],
  [Tag.IssuerOfPatientID, 'LO', 'if known'],
  [Tag.PatientBirthDate, 'DA', 'always'],
  [Tag.PatientSex, 'CS', 'always'],
  [Tag.StudyID, 'SH', 'always'],
];

/**
 * A measurement as the document can hold it, so that it reads back the same: coordinates rounded to 32 bits, the longer axis of an ellipse
 * first (PS3.3 C.18.6.1.2), text without what VR UT cannot carry.
 */
export function canonicalMeasurement<M extends MeasurementInput>(measurement: M): M {
  const label = cleanText(measurement.label).replaceAll(/\s+/g, ' ');
  const comment = measurement.comment === null ? '' : cleanText(measurement.comment);
  const points = measurement.points.map((point) => point.map((coordinate) => Math.fround(coordinate) + 0));
  return {
    ...measurement,
    label,
    comment: comment === '' || (isTextAnchored(measurement) && comment === label) ? null : comment,
    points: measurement.kind === 'ellipse' ? longerAxisFirst(points) : points,
    values: measurement.values.map((value) => ({ ...value, value: value.value + 0 })),
  };
}

/** Why a measurement cannot be written; undefined if it can. */
export function problemOfMeasurement(measurement: MeasurementInput): { field: 'points' | 'values' | 'label'; message: string } | undefined {
  const { kind, points, values, label, frame_of_reference_uid } = measurement;
  if (cleanText(label) === '') return { field: 'label', message: 'is empty' };
  if (points.length !== POINTS_OF[kind]) return { field: 'points', message: `of this kind are ${POINTS_OF[kind]}` };
  const numbers = frame_of_reference_uid === undefined ? 2 : 3;
  if (points.some((point) => point.length !== numbers)) return { field: 'points', message: `are of ${numbers} numbers each` };
  const named = values[0]?.quantity;
  const needs = kind === 'length' || kind === 'angle' || kind === 'cobb_angle' || kind === 'cardiothoracic_ratio';
  if (needs && named !== kind) return { field: 'values', message: `begin with what was measured: ${kind}` };
  if (kind === 'probe' && named !== undefined && named !== 'pixel_value') return { field: 'values', message: 'begin with pixel_value' };
  if (kind === 'arrow' && named !== undefined) return { field: 'values', message: 'an arrow has none' };
  return undefined;
}

/**
 * Measurements as a DICOM structured report: Comprehensive 3D SR (PS3.3 A.35.13) with template TID 1500 Measurement Report, a group of
 * TID 1410 for each region and of TID 1501 for everything else. The author of each measurement stands in its group.
 *
 * @param document its items are canonical (`canonicalMeasurement`)
 */
export function writeMeasurements(document: MeasurementDocument): DataSet {
  const [date, time] = dateAndTime(document.at);
  const dataSet: DataSet = {
    ...Object.fromEntries(REPEATED.flatMap(([tag, vr, when]) => repeated(document.of, tag, { vr, when }))),
    [Tag.InstanceCreationDate]: one('DA', date),
    [Tag.InstanceCreationTime]: one('TM', time),
    [Tag.SOPClassUID]: one('UI', COMPREHENSIVE_3D_SR),
    [Tag.SOPInstanceUID]: one('UI', document.sopInstanceUid),
    [Tag.SeriesDate]: one('DA', date),
    [Tag.ContentDate]: one('DA', date),
    [Tag.SeriesTime]: one('TM', time),
    [Tag.ContentTime]: one('TM', time),
    [Tag.Modality]: one('CS', 'SR'),
    [Tag.Manufacturer]: one('LO', 'Isocenter'),
    [Tag.SeriesDescription]: one('LO', 'Measurements'),
    [Tag.ManufacturerModelName]: one('LO', 'Isocenter'),
    [Tag.DeviceSerialNumber]: one('LO', 'none'),
    [Tag.SoftwareVersions]: one('LO', '1'),
    [Tag.CodingSchemeIdentificationSequence]: { vr: 'SQ', Value: [PRIVATE_SCHEME_ITEM] },
    [Tag.ReferencedPerformedProcedureStepSequence]: { vr: 'SQ' },
    [Tag.StudyInstanceUID]: one('UI', document.studyInstanceUid),
    [Tag.SeriesInstanceUID]: one('UI', document.seriesInstanceUid),
    [Tag.SeriesNumber]: one('IS', SERIES_NUMBER),
    [Tag.InstanceNumber]: one('IS', 1),
    [Tag.PerformedProcedureCodeSequence]: { vr: 'SQ' },
    ...evidence(document),
    ...predecessors(document),
    // Nobody says that these are all the measurements that there will be.
    [Tag.CompletionFlag]: one('CS', 'PARTIAL'),
    [Tag.VerificationFlag]: one('CS', 'UNVERIFIED'),
    [Tag.ValueType]: one('CS', 'CONTAINER'),
    [Tag.ConceptNameCodeSequence]: { vr: 'SQ', Value: [codeAttributes(Concept.report)] },
    ...containerAttributes('1500'),
    [Tag.ContentSequence]: { vr: 'SQ', Value: content(document) },
  };
  return Object.fromEntries(tagsInOrder(dataSet).flatMap((tag) => (dataSet[tag] ? [[tag, dataSet[tag]]] : [])));
}

/** Far behind what modalities number. */
const SERIES_NUMBER = 9901;
const PRIVATE_SCHEME_ITEM: DataSet = {
  [Tag.CodingSchemeDesignator]: one('SH', PRIVATE_SCHEME),
  [Tag.CodingSchemeName]: one('ST', 'Concepts of Isocenter'),
};

function content({ items, observer, images }: MeasurementDocument): DataSet[] {
  const context = 'HAS OBS CONTEXT';
  const groups = items.map((item) => groupItem(item, images.get(item.sop_instance_uid)));
  return [
    codeItem({ relationship: 'HAS CONCEPT MOD', concept: Concept.language }, Concept.english),
    codeItem({ relationship: context, concept: Concept.observerType }, Concept.person),
    personItem({ relationship: context, concept: Concept.observerName }, personName(observer)),
    codeItem({ relationship: 'HAS CONCEPT MOD', concept: Concept.procedureReported }, Concept.imagingProcedure),
    ...(groups.length > 0 ? [containerItem({ relationship: 'CONTAINS', concept: Concept.measurements, children: groups })] : []),
  ];
}

function groupItem(item: Measurement, image: MeasuredImage | undefined): DataSet {
  const context = 'HAS OBS CONTEXT';
  const isRegion = item.kind === 'ellipse' || item.kind === 'rectangle';
  const place = coordinates(
    item,
    image,
    isRegion ? { relationship: 'CONTAINS', concept: Concept.region } : { relationship: 'INFERRED FROM' },
  );
  const isAnchored = isTextAnchored(item);
  const numbers = item.values.map((value, index) => {
    const { name, derivation } = codesOf(value.quantity, value.unit);
    const children = [
      ...(derivation ? [codeItem({ relationship: 'HAS CONCEPT MOD', concept: Concept.derivation }, derivation)] : []),
      ...(index === 0 && !isRegion ? [place] : []),
    ];
    return numberItem({ relationship: 'CONTAINS', concept: name, children }, value.value, unitCode(value.unit));
  });
  const said = isAnchored ? (item.comment ?? item.label) : item.comment;
  const children = [
    textItem({ relationship: context, concept: Concept.trackingIdentifier }, item.label),
    uidItem({ relationship: context, concept: Concept.trackingUid }, item.tracking_uid),
    codeItem({ relationship: context, concept: Concept.observerType }, Concept.person),
    personItem({ relationship: context, concept: Concept.observerName }, personName(item.author)),
    ...(isRegion ? [place] : []),
    ...(item.frame_of_reference_uid === undefined ? [] : [pictureOf(item, image, NEAREST)]),
    ...numbers,
    ...(said === null ? [] : [textItem({ relationship: 'CONTAINS', concept: Concept.comment, children: isAnchored ? [place] : [] }, said)]),
  ];
  const at = dateTimeOf(item.measured_at);
  return containerItem({ relationship: 'CONTAINS', concept: Concept.group, children, template: isRegion ? '1410' : '1501', at });
}

/** Whether the text, for want of a number, carries the place. */
function isTextAnchored({ kind, values }: MeasurementInput): boolean {
  return (kind === 'arrow' || kind === 'probe') && values.length === 0;
}

type PlaceContent = Parameters<typeof coordinatesItem>[0];

/** What was drawn on a plane through a volume belongs to no picture, and lies near to one. */
const NEAREST: PlaceContent = { relationship: 'CONTAINS', concept: Concept.sourceOfMeasurement };

function coordinates(item: Measurement, image: MeasuredImage | undefined, place: PlaceContent): DataSet {
  const { kind, frame_of_reference_uid: frameOfReferenceUid } = item;
  const [first] = item.points;
  // A region is closed: its last point is its first.
  const points = kind === 'rectangle' && first ? [...item.points, first] : item.points;
  const type = kind === 'ellipse' ? 'ELLIPSE' : kind === 'probe' ? 'POINT' : 'POLYLINE';
  if (frameOfReferenceUid === undefined)
    return coordinatesItem({ ...place, children: [pictureOf(item, image, { relationship: 'SELECTED FROM' })] }, type, points.flat());
  // In space a line that closes is a polygon (PS3.3 C.18.9.1.2).
  return spaceCoordinatesItem(place, { graphicType: kind === 'rectangle' ? 'POLYGON' : type, frameOfReferenceUid }, points.flat());
}

function pictureOf({ sop_instance_uid, frame }: Measurement, image: MeasuredImage | undefined, place: PlaceContent): DataSet {
  return imageItem(place, {
    sopClassUid: image?.sop_class_uid ?? '',
    sopInstanceUid: sop_instance_uid,
    frame: image && image.number_of_frames > 1 ? frame : null,
  });
}

function evidence({ studyInstanceUid, items, images }: MeasurementDocument): DataSet {
  const bySeries = Map.groupBy(new Set(items.map((item) => item.sop_instance_uid)), (uid) => images.get(uid)?.series_instance_uid ?? '');
  if (bySeries.size === 0) return {};
  const series = [...bySeries].map(([seriesUid, uids]) =>
    seriesReference(
      seriesUid,
      uids.map((uid) => sopReference(images.get(uid)?.sop_class_uid ?? '', uid)),
    ),
  );
  return { [Tag.CurrentRequestedProcedureEvidenceSequence]: { vr: 'SQ', Value: [studyReference(studyInstanceUid, series)] } };
}

function predecessors({ studyInstanceUid, seriesInstanceUid, predecessor }: MeasurementDocument): DataSet {
  if (predecessor === null) return {};
  const series = [seriesReference(seriesInstanceUid, [sopReference(COMPREHENSIVE_3D_SR, predecessor)])];
  return { [Tag.PredecessorDocumentsSequence]: { vr: 'SQ', Value: [studyReference(studyInstanceUid, series)] } };
}

function studyReference(uid: string, series: DataSet[]): DataSet {
  return { [Tag.ReferencedSeriesSequence]: { vr: 'SQ', Value: series }, [Tag.StudyInstanceUID]: one('UI', uid) };
}

function seriesReference(uid: string, instances: DataSet[]): DataSet {
  return { [Tag.ReferencedSOPSequence]: { vr: 'SQ', Value: instances }, [Tag.SeriesInstanceUID]: one('UI', uid) };
}

function sopReference(sopClass: string, sopInstance: string): DataSet {
  return { [Tag.ReferencedSOPClassUID]: one('UI', sopClass), [Tag.ReferencedSOPInstanceUID]: one('UI', sopInstance) };
}

function repeated(of: DataSet, tag: string, { vr, when }: { vr: Vr; when: 'always' | 'if known' }): [string, DataSet[string]][] {
  const attribute = of[tag];
  if (attribute && attribute.vr === vr) return [[tag, attribute]];
  return when === 'always' ? [[tag, { vr }]] : [];
}

function longerAxisFirst(points: number[][]): number[][] {
  const [a, b, c, d] = points;
  if (!a || !b || !c || !d) return points;
  return distance(c, d) > distance(a, b) ? [c, d, a, b] : points;
}

function distance([x1 = 0, y1 = 0, z1 = 0]: number[], [x2 = 0, y2 = 0, z2 = 0]: number[]): number {
  return Math.hypot(x2 - x1, y2 - y1, z2 - z1);
}

/** Without control characters other than those of text in lines, and without halves of surrogate pairs (PS3.5 6.1.3). */
function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\p{Cc}--[\t\n]]/gv, ' ')
    .trim();
}

/** A name that people wrote in one line, as one component (PS3.5 6.2: 64 characters a group, without delimiters). */
function personName(name: string): PersonName {
  const Alphabetic = [...name.toWellFormed().replaceAll(/[\\^=\p{Cc}]/gu, ' ')].slice(0, 64).join('').trim();
  return { Alphabetic: Alphabetic || 'Unknown' };
}

function dateAndTime(at: string): [string, string] {
  const digits = at.replaceAll(/[-:T]/g, '');
  return [digits.slice(0, 8), digits.slice(8, 18)];
}

/** DT with milliseconds and the offset of UTC. */
function dateTimeOf(at: string): string {
  return `${dateAndTime(at).join('')}+0000`;
}

function one(vr: Vr, value: Value): { vr: Vr; Value: Value[] } {
  return { vr, Value: [value] };
}
