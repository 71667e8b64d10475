import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Uid } from './fields.ts';

/** How many points a kind of measurement has: its whole geometry. */
export const POINTS_OF = {
  /** Both ends. */
  length: 2,
  /** One end, the vertex, the other end. */
  angle: 3,
  /** Both ends of the upper line, then of the lower one. */
  cobb_angle: 4,
  /** Both ends of the longer axis, then of the shorter one. */
  ellipse: 4,
  /** The corners, one after the other around it. */
  rectangle: 4,
  /** The tip, then the tail. */
  arrow: 2,
  probe: 1,
  /** Both ends of the heart's width, then of the chest's. */
  cardiothoracic_ratio: 4,
} as const;
export type MeasurementKind = keyof typeof POINTS_OF;
export const MEASUREMENT_KINDS = Object.keys(POINTS_OF) as MeasurementKind[];

/** What a number says. `mean` to `maximum` are of the pixel values in a region; `other` is what another program measured. */
export const QUANTITIES = [
  'length',
  'angle',
  'cobb_angle',
  'area',
  'cardiothoracic_ratio',
  'heart_width',
  'chest_width',
  'pixel_value',
  'mean',
  'standard_deviation',
  'minimum',
  'maximum',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

/**
 * Units as UCUM codes: millimeters where the picture is calibrated, pixels where not; degrees; Hounsfield units, standardized uptake value
 * by body weight, or `1` for a pixel value or ratio without unit.
 */
export const UNITS = ['mm', 'mm2', '{pixels}', '{square_pixels}', 'deg', "[hnsf'U]", '{SUVbw}g/ml', '1'] as const;
export type Unit = (typeof UNITS)[number];

/**
 * Column and row in the picture, with fractions: 0, 0 is the upper left corner of the first pixel, 0.5, 0.5 its center (PS3.3 C.18.6.1.1);
 * of what was drawn on a plane through a volume, a point of the patient: x, y, z, LPS, mm (PS3.3 C.18.9).
 * DICOM keeps them as 32-bit floating point (VR FL), so they are rounded to that on saving; values keep all 64 bits (VR FD).
 */
export const Point = Type.Array(Type.Number({ minimum: -1e6, maximum: 1e6 }), { minItems: 2, maxItems: 3 });

const Value = Type.Object({
  quantity: Type.Enum([...QUANTITIES]),
  value: Type.Number(),
  unit: Type.Enum([...UNITS]),
});
export type MeasuredValue = Static<typeof Value>;

const MEASURED = {
  /** Names what is measured, in this study and in others: an earlier measurement of the same thing has the same. */
  tracking_uid: Uid,
  label: Type.String({ minLength: 1, maxLength: 64 }),
  kind: Type.Enum(MEASUREMENT_KINDS),
  /** The picture that it was drawn on, or that lies nearest to what was drawn on a plane through a volume. */
  sop_instance_uid: Uid,
  /** 1 for the first. */
  frame: Type.Integer({ minimum: 1 }),
  /** Of the picture, where the points are points of the patient; absent where they are points of the picture. */
  frame_of_reference_uid: Type.Optional(Uid),
  /** As `POINTS_OF` says for the kind. */
  points: Type.Array(Point, { minItems: 1, maxItems: 4 }),
  /** The first is what it was made for. */
  values: Type.Array(Value, { maxItems: 8 }),
  comment: Nullable(Type.String({ minLength: 1, maxLength: 1000 })),
};
export const MeasurementInput = Type.Object(MEASURED);
export type MeasurementInput = Static<typeof MeasurementInput>;

export const Measurement = Type.Object({
  ...MEASURED,
  /** Who made it, or changed it last, and when. */
  author: Type.String(),
  measured_at: Instant,
});
export type Measurement = Static<typeof Measurement>;

/** What another program measured, as its structured report says it. */
export const ForeignMeasurement = Type.Object({
  /** The report that says so. */
  report_uid: Uid,
  tracking_uid: Nullable(Uid),
  label: Nullable(Type.String()),
  finding: Nullable(Type.String()),
  author: Nullable(Type.String()),
  sop_instance_uid: Nullable(Uid),
  frame: Nullable(Type.Integer({ minimum: 1 })),
  /** As DICOM draws it: POINT, MULTIPOINT, POLYLINE, POLYGON, CIRCLE, ELLIPSE or ELLIPSOID. */
  graphic_type: Nullable(Type.String()),
  /** Of two numbers in the picture, of three in the patient. */
  points: Type.Array(Type.Array(Type.Number())),
  values: Type.Array(
    Type.Object({
      quantity: Nullable(Type.Enum([...QUANTITIES])),
      /** In the words of the report. */
      name: Type.String(),
      value: Type.Number(),
      unit: Type.String(),
    }),
  ),
});
export type ForeignMeasurement = Static<typeof ForeignMeasurement>;

export const StudyMeasurements = Type.Object({
  /** The structured report that holds `items`, for `If-Match`; null if there is none yet. */
  version: Nullable(Uid),
  saved_at: Nullable(Instant),
  items: Type.Array(Measurement),
  others: Type.Array(ForeignMeasurement),
});
export type StudyMeasurements = Static<typeof StudyMeasurements>;

const params = Type.Object({ study_instance_uid: Uid });

export const getMeasurements = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/measurements',
  summary: 'The present measurements of the study, read from its structured reports, and what reports of other programs measured',
  permission: 'study:read',
  params,
  response: StudyMeasurements,
});
export const saveMeasurements = endpoint({
  method: 'PUT',
  path: '/api/v1/studies/:study_instance_uid/measurements',
  summary:
    'Saves all measurements of the study as a new structured report (TID 1500) that takes the place of the former; `If-Match` names that one as `"version"`, or `"none"`. 412 if somebody else was first',
  permission: 'finding:review',
  params,
  body: Type.Object({ items: Type.Array(MeasurementInput, { maxItems: 500 }) }),
  response: StudyMeasurements,
});
