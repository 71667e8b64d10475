import type { MeasuredValue, MeasurementInput, MeasurementKind, Quantity, Unit } from '../../contract/measurements.ts';
import type {
  Annotation,
  AnnotationInput,
  AnnotationKind,
  FrameReference,
  PatientPoint,
  PixelPoint,
  Reading,
} from '../viewer/viewer-surface.ts';

const KIND_OF: Readonly<Record<AnnotationKind, MeasurementKind>> = {
  length: 'length',
  angle: 'angle',
  cobb: 'cobb_angle',
  ellipse: 'ellipse',
  rectangle: 'rectangle',
  arrow: 'arrow',
  probe: 'probe',
  cardiothoracic: 'cardiothoracic_ratio',
};
const ANNOTATION_OF = Object.fromEntries(Object.entries(KIND_OF).map(([kind, measured]) => [measured, kind])) as Readonly<
  Record<MeasurementKind, AnnotationKind>
>;
/** Units of the viewer whose codes are other ones in a report, which has no empty code. */
const UNIT_OF: Readonly<Record<string, Unit>> = {
  mm: 'mm',
  mm2: 'mm2',
  deg: 'deg',
  "[hnsf'U]": "[hnsf'U]",
  '{SUVbw}g/ml': '{SUVbw}g/ml',
  'g/ml{SUVbw}': '{SUVbw}g/ml',
  '{pixels}': '{pixels}',
  '{pixels}2': '{square_pixels}',
};

/** What a reader has drawn, as it is saved. Undefined while its numbers are still being computed, which a measurement cannot be without. */
export function measurementOf(annotation: Annotation, tracking_uid: string): MeasurementInput | undefined {
  const { kind, on, pixelPoints, label, readings, isInSpace, patientPoints, frameOfReferenceUid } = annotation;
  const isSpatial = isInSpace && patientPoints && frameOfReferenceUid;
  const values = valuesOf(kind, readings);
  const needsValue = kind === 'length' || kind === 'angle' || kind === 'cobb' || kind === 'cardiothoracic';
  if (needsValue && values.length === 0) return undefined;
  return {
    tracking_uid,
    label,
    kind: KIND_OF[kind],
    sop_instance_uid: on.sop_instance_uid,
    frame: on.frame,
    ...(isSpatial ? { frame_of_reference_uid: frameOfReferenceUid } : {}),
    points: savedPoints<readonly number[]>(kind, isSpatial ? patientPoints : pixelPoints).map((point) => [...point]),
    values: kind === 'arrow' ? [] : values,
    comment: null,
  };
}

/** A saved measurement, to be drawn. Undefined if its points are not those of its kind. */
export function annotationOf(
  measurement: Pick<MeasurementInput, 'kind' | 'label' | 'points' | 'frame' | 'sop_instance_uid' | 'frame_of_reference_uid' | 'values'>,
  { id, series, isLocked = false }: { id: string; series: Omit<FrameReference, 'sop_instance_uid' | 'frame'>; isLocked?: boolean },
): AnnotationInput {
  const { label, sop_instance_uid, frame } = measurement;
  const kind = ANNOTATION_OF[measurement.kind];
  const on = { ...series, sop_instance_uid, frame };
  const frameOfReferenceUid = measurement.frame_of_reference_uid;
  if (frameOfReferenceUid !== undefined) {
    const inPatient = measurement.points.map(([x = 0, y = 0, z = 0]): PatientPoint => [x, y, z]);
    // Corners go around in a report; ends of axes keep their order, of which none is upright in space.
    const patientPoints = kind === 'rectangle' ? savedPoints(kind, inPatient) : inPatient;
    return {
      id,
      kind,
      on,
      isInSpace: true,
      patientPoints,
      frameOfReferenceUid,
      pixelPoints: [],
      label,
      isLocked,
      readings: readingsOf(measurement.values),
    };
  }
  const points = measurement.points.map(([column = 0, row = 0]): PixelPoint => [column, row]);
  return { id, kind, on, pixelPoints: drawnPoints(kind, points), label, isLocked };
}

/** A new tracking UID: a UUID as one number under 2.25 (PS3.5 B.2). */
export function newTrackingUid(): string {
  return `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
}

/** The quantity that the kind was made for comes first. */
function valuesOf(kind: AnnotationKind, readings: readonly Reading[]): MeasuredValue[] {
  const widths: Quantity[] = ['heart_width', 'chest_width'];
  const values = readings
    .filter(({ value }) => Number.isFinite(value))
    .flatMap(({ name, value, unit }): MeasuredValue[] => {
      const quantity = kind === 'cardiothoracic' && name === 'length' ? widths.shift() : quantityOf(kind, name);
      return quantity ? [{ quantity, value, unit: UNIT_OF[unit] ?? '1' }] : [];
    });
  const main = values.findIndex(({ quantity }) => quantity === KIND_OF[kind]);
  const first = values[main];
  return first ? [first, ...values.filter((_, index) => index !== main)] : values;
}

function quantityOf(kind: AnnotationKind, name: Reading['name']): Quantity | undefined {
  switch (name) {
    case 'angle':
      return kind === 'cobb' ? 'cobb_angle' : 'angle';
    case 'ratio':
      return 'cardiothoracic_ratio';
    case 'value':
      return 'pixel_value';
    default:
      return name;
  }
}

/** Figures as the viewer names them. */
function readingsOf(values: readonly MeasuredValue[]): Reading[] {
  return values.flatMap(({ quantity, value, unit }): Reading[] => {
    const name = READING_OF[quantity];
    return name ? [{ name, value, unit }] : [];
  });
}

/** Of what can be drawn in space. */
const READING_OF: Readonly<Partial<Record<Quantity, Reading['name']>>> = {
  length: 'length',
  angle: 'angle',
  cobb_angle: 'angle',
  area: 'area',
  mean: 'mean',
  standard_deviation: 'standard_deviation',
  minimum: 'minimum',
  maximum: 'maximum',
  pixel_value: 'value',
};

/** The viewer counts corners row by row, a report goes around; the way back is the same. */
function savedPoints<P>(kind: AnnotationKind, points: readonly P[]): readonly P[] {
  const [topLeft, topRight, bottomLeft, bottomRight] = points;
  if (kind === 'rectangle' && topLeft && topRight && bottomLeft && bottomRight) return [topLeft, topRight, bottomRight, bottomLeft];
  return points;
}

function drawnPoints(kind: AnnotationKind, points: readonly PixelPoint[]): readonly PixelPoint[] {
  const [a, b, c, d] = points;
  if (!a || !b || !c || !d) return points;
  if (kind === 'rectangle') return [a, b, d, c];
  if (kind !== 'ellipse') return points;
  // A report has the longer axis first, the viewer the one that stands.
  const isFirstUpright = Math.abs(b[1] - a[1]) * Math.abs(d[0] - c[0]) >= Math.abs(d[1] - c[1]) * Math.abs(b[0] - a[0]);
  const [upright, lying] = isFirstUpright ? [[a, b] as const, [c, d] as const] : [[c, d] as const, [a, b] as const];
  const [bottom, top] = upright[0][1] >= upright[1][1] ? upright : [upright[1], upright[0]];
  const [left, right] = lying[0][0] <= lying[1][0] ? lying : [lying[1], lying[0]];
  return [bottom, top, left, right];
}
