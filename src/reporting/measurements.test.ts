import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MEASUREMENT_KINDS, type Measurement, type MeasurementKind, POINTS_OF, QUANTITIES, UNITS } from '../contract/measurements.ts';
import { parsePart10 } from '../dicom/parse.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../dicom/uids.ts';
import { writePart10 } from '../dicom/write.ts';
import { predecessorsOf, readForeignMeasurements, readMeasurements } from './read-measurements.ts';
import { canonicalMeasurement, type MeasurementDocument, problemOfMeasurement, writeMeasurements } from './write-measurements.ts';

const IMAGES = new Map([
  ['2.25.101', { series_instance_uid: '2.25.11', sop_class_uid: '1.2.840.10008.5.1.4.1.1.2', number_of_frames: 1 }],
  ['2.25.102', { series_instance_uid: '2.25.12', sop_class_uid: '1.2.840.10008.5.1.4.1.1.2.1', number_of_frames: 40 }],
]);

function documentOf(items: Measurement[], more: Partial<MeasurementDocument> = {}): MeasurementDocument {
  return {
    studyInstanceUid: '2.25.1',
    seriesInstanceUid: '2.25.2',
    sopInstanceUid: '2.25.3',
    predecessor: null,
    at: '2026-05-04T03:02:01.234Z',
    observer: 'Dr. Ärztin',
    items,
    images: IMAGES,
    of: {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Muster^Änne' }] },
      '00100020': { vr: 'LO', Value: ['M-1'] },
      '00100030': { vr: 'DA', Value: ['19700101'] },
      '00100040': { vr: 'CS', Value: ['F'] },
      '00080020': { vr: 'DA', Value: ['20260504'] },
      '00080030': { vr: 'TM', Value: ['030000'] },
      '00200010': { vr: 'SH', Value: ['1'] },
    },
    ...more,
  };
}

function fileOf(items: Measurement[], transferSyntaxUid = ExplicitVrLittleEndian): Uint8Array {
  return writePart10({ dataSet: writeMeasurements(documentOf(items)), transferSyntaxUid });
}

const reread = (items: Measurement[], syntax?: string): Measurement[] => readMeasurements(parsePart10(fileOf(items, syntax)).dataSet);

/** What a kind measures first. */
const FIRST: Record<MeasurementKind, readonly (typeof QUANTITIES)[number][]> = {
  length: ['length'],
  angle: ['angle'],
  cobb_angle: ['cobb_angle'],
  cardiothoracic_ratio: ['cardiothoracic_ratio'],
  probe: ['pixel_value'],
  ellipse: [],
  rectangle: [],
  arrow: [],
};

const point = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 2 });
const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/^[\s\p{Cc}]*$/u.test(text));
const unit = fc.constantFrom(...UNITS);

const measurement: fc.Arbitrary<Measurement> = fc.constantFrom(...MEASUREMENT_KINDS).chain((kind) =>
  fc
    .record({
      tracking_uid: fc.bigInt({ min: 1n, max: 2n ** 127n }).map((number) => `2.25.${number}`),
      label: words,
      kind: fc.constant(kind),
      place: fc.constantFrom(
        { sop_instance_uid: '2.25.101', frame: 1 },
        { sop_instance_uid: '2.25.102', frame: 1 },
        { sop_instance_uid: '2.25.102', frame: 40 },
      ),
      points: fc.array(point, { minLength: POINTS_OF[kind], maxLength: POINTS_OF[kind] }),
      first: fc.tuple(...FIRST[kind].map((quantity) => fc.record({ quantity: fc.constant(quantity), value, unit }))),
      more:
        kind === 'arrow'
          ? fc.constant([])
          : fc.array(fc.record({ quantity: fc.constantFrom(...QUANTITIES), value, unit }), { maxLength: 4 }),
      comment: fc.option(words),
      author: fc.constantFrom('Dr. A', 'محمد', 'Jane Doe-Müller'),
      measured_at: fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((at) => at.toISOString()),
    })
    .map(({ place, first, more, ...rest }) => canonicalMeasurement({ ...rest, ...place, values: [...first, ...more] })),
);

describe('measurements as a structured report', () => {
  it('come back as they were saved: coordinates with all bits of FL, values with all bits of FD', () => {
    fc.assert(
      fc.property(
        fc.array(measurement, { maxLength: 6 }),
        fc.constantFrom(ExplicitVrLittleEndian, ImplicitVrLittleEndian),
        (items, syntax) => {
          expect(reread(items, syntax)).toEqual(items);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('round coordinates to 32 bits at saving and never again', () => {
    const saved = canonicalMeasurement({
      ...LENGTH,
      points: [
        [0.1, 511.7],
        [1 / 3, 2e-7],
      ],
    });
    expect(saved.points).toEqual([
      [Math.fround(0.1), Math.fround(511.7)],
      [Math.fround(1 / 3), Math.fround(2e-7)],
    ]);
    expect(canonicalMeasurement(saved)).toEqual(saved);
  });

  it('have the longer axis of an ellipse first, whichever was drawn first', () => {
    const drawn: Measurement = {
      ...LENGTH,
      kind: 'ellipse',
      points: [
        [5, 0],
        [5, 4],
        [0, 2],
        [10, 2],
      ],
      values: [],
    };
    expect(canonicalMeasurement(drawn).points).toEqual([
      [0, 2],
      [10, 2],
      [5, 0],
      [5, 4],
    ]);
  });

  it('are refused without what their kind was made for, and with points that it does not have', () => {
    expect(problemOfMeasurement(LENGTH)).toBeUndefined();
    expect(problemOfMeasurement({ ...LENGTH, values: [] })?.field).toBe('values');
    expect(problemOfMeasurement({ ...LENGTH, kind: 'angle' })?.field).toBe('points');
    expect(problemOfMeasurement({ ...LENGTH, label: '\u0007 ' })?.field).toBe('label');
  });

  it('name the report whose place they take', () => {
    const next = writeMeasurements(documentOf([LENGTH], { predecessor: '2.25.99' }));
    expect(predecessorsOf(next)).toEqual(['2.25.99']);
    expect(predecessorsOf(writeMeasurements(documentOf([LENGTH])))).toEqual([]);
  });

  it('read the same to whom they are foreign', () => {
    const [foreign] = readForeignMeasurements(parsePart10(fileOf([LENGTH])).dataSet);
    expect(foreign).toMatchObject({
      label: 'Nodule',
      tracking_uid: '2.25.77',
      graphic_type: 'POLYLINE',
      values: [{ quantity: 'length', name: 'Length', value: 12.345678901234567, unit: 'mm' }],
    });
  });
});

const LENGTH: Measurement = {
  tracking_uid: '2.25.77',
  label: 'Nodule',
  kind: 'length',
  sop_instance_uid: '2.25.101',
  frame: 1,
  points: [
    [10.5, 20.25],
    [30, 40],
  ],
  values: [{ quantity: 'length', value: 12.345678901234567, unit: 'mm' }],
  comment: null,
  author: 'Dr. A',
  measured_at: '2026-05-04T03:02:01.234Z',
};

const hasTool = spawnSync('dciodvfy', ['-version']).error === undefined;

describe.skipIf(!hasTool)('a measurement report under dciodvfy (needs dicom3tools)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-sr-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no error, with every kind of measurement, with none, and with a predecessor', () => {
    const every = MEASUREMENT_KINDS.map((kind): Measurement => {
      const [quantity] = FIRST[kind];
      const values = quantity ? [{ quantity, value: 1.5, unit: 'mm' as const }] : [];
      const points = Array.from({ length: POINTS_OF[kind] }, (_, index) => [index + 1, 2 * index + 1]);
      return canonicalMeasurement({ ...LENGTH, kind, points, values, sop_instance_uid: '2.25.102', comment: 'Größe' });
    });
    const region: Measurement = {
      ...LENGTH,
      kind: 'rectangle',
      points: [
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 4],
      ],
      values: QUANTITIES.map((quantity) => ({ quantity, value: -0.1, unit: "[hnsf'U]" as const })),
    };
    for (const items of [[...every, region], []]) {
      const path = join(folder, 'report.dcm');
      const dataSet = writeMeasurements(documentOf(items, { predecessor: '2.25.99' }));
      writeFileSync(path, writePart10({ dataSet, transferSyntaxUid: ExplicitVrLittleEndian }));
      const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
      expect(`${stdout}${stderr}`).toContain('Comprehensive3DSR');
      expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    }
  });
});
