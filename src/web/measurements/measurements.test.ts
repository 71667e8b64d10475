import { describe, expect, it } from 'vitest';
import type { InstanceSummary, StudyDetail } from '../../contract/studies.ts';
import { stacksOf } from '../viewer/stack.ts';
import type { Annotation, AnnotationKind, PixelPoint, Reading } from '../viewer/viewer-surface.ts';
import { annotationOf, measurementOf, newTrackingUid } from './annotation-mapping.ts';
import { type Held, mergeMeasurements, withIds } from './merge.ts';
import { placeOf } from './place.ts';

const SERIES = { study_instance_uid: '1', series_instance_uid: '1.1' };

function drawn(kind: AnnotationKind, pixelPoints: PixelPoint[], readings: Reading[] = []): Annotation {
  return { id: 'a', kind, on: { ...SERIES, sop_instance_uid: '1.1.1', frame: 2 }, pixelPoints, label: 'One', readings, isLocked: false };
}

const EXAMPLES: readonly Annotation[] = [
  drawn(
    'length',
    [
      [1, 2],
      [3, 4],
    ],
    [{ name: 'length', value: 5, unit: 'mm' }],
  ),
  drawn(
    'angle',
    [
      [1, 2],
      [3, 4],
      [5, 9],
    ],
    [{ name: 'angle', value: 30, unit: 'deg' }],
  ),
  drawn(
    'cobb',
    [
      [1, 2],
      [3, 4],
      [5, 9],
      [6, 1],
    ],
    [{ name: 'angle', value: 12, unit: 'deg' }],
  ),
  drawn(
    'rectangle',
    [
      [1, 1],
      [5, 1],
      [1, 4],
      [5, 4],
    ],
    [{ name: 'area', value: 12, unit: '{pixels}2' }],
  ),
  drawn(
    'ellipse',
    [
      [5, 9],
      [5, 1],
      [3, 5],
      [7, 5],
    ],
    [{ name: 'area', value: 25, unit: 'mm2' }],
  ),
  drawn('ellipse', [
    [5, 6],
    [5, 4],
    [1, 5],
    [9, 5],
  ]),
  drawn('arrow', [
    [1, 1],
    [2, 2],
  ]),
  drawn('probe', [[4.5, 4.5]], [{ name: 'value', value: -700, unit: "[hnsf'U]" }]),
  drawn(
    'cardiothoracic',
    [
      [1, 1],
      [5, 1],
      [0, 3],
      [9, 3],
    ],
    [
      { name: 'length', value: 40, unit: 'mm' },
      { name: 'length', value: 90, unit: 'mm' },
      { name: 'ratio', value: 0.44, unit: '1' },
    ],
  ),
];

describe('what is drawn', () => {
  it('is drawn the same when it comes back from the report', () => {
    for (const annotation of EXAMPLES) {
      const saved = measurementOf(annotation, '2.25.1');
      expect(saved && annotationOf(saved, { id: 'a', series: SERIES })).toEqual({
        id: 'a',
        kind: annotation.kind,
        on: annotation.on,
        pixelPoints: annotation.pixelPoints,
        label: 'One',
        isLocked: false,
      });
    }
  });

  it('in space is drawn the same with the same figures', () => {
    const points: [number, number, number][] = [
      [0, 0, 5],
      [4, 0, 5],
      [0, 0, 2],
      [4, 0, 2],
    ];
    for (const kind of ['rectangle', 'ellipse', 'length', 'probe'] as const) {
      const patientPoints = points.slice(0, kind === 'probe' ? 1 : kind === 'length' ? 2 : 4);
      const name = kind === 'probe' ? 'value' : kind === 'length' ? 'length' : 'area';
      const annotation: Annotation = {
        ...drawn(kind, [], [{ name, value: 12, unit: 'mm' }]),
        isInSpace: true,
        patientPoints,
        frameOfReferenceUid: '1.9',
      };
      const saved = measurementOf(annotation, '2.25.1');
      expect(saved?.frame_of_reference_uid).toBe('1.9');
      expect(saved && annotationOf(saved, { id: 'a', series: SERIES })).toEqual(annotation);
    }
  });

  it('is saved with what it was made for first, and units of a report', () => {
    const [ratio] = EXAMPLES.slice(-1);
    expect(ratio && measurementOf(ratio, '2.25.1')?.values).toEqual([
      { quantity: 'cardiothoracic_ratio', value: 0.44, unit: '1' },
      { quantity: 'heart_width', value: 40, unit: 'mm' },
      { quantity: 'chest_width', value: 90, unit: 'mm' },
    ]);
    expect(EXAMPLES[3] && measurementOf(EXAMPLES[3], '2.25.1')).toMatchObject({
      points: [
        [1, 1],
        [5, 1],
        [5, 4],
        [1, 4],
      ],
      values: [{ unit: '{square_pixels}' }],
    });
  });

  it('is not saved before its length is known', () => {
    expect(
      measurementOf(
        drawn('length', [
          [1, 2],
          [3, 4],
        ]),
        '2.25.1',
      ),
    ).toBeUndefined();
  });

  it('gets a tracking UID of its own', () => {
    expect(newTrackingUid()).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    expect(newTrackingUid()).not.toBe(newTrackingUid());
  });
});

const held = (id: string, label: string): Held => ({
  id,
  tracking_uid: `2.25.${id}`,
  label,
  kind: 'length',
  sop_instance_uid: '1.1.1',
  frame: 1,
  points: [
    [1, 1],
    [2, 2],
  ],
  values: [{ quantity: 'length', value: 1, unit: 'mm' }],
  comment: null,
});

describe('the measurements of two readers', () => {
  const base = [held('1', 'a'), held('2', 'b'), held('3', 'c')];

  it('are put together: what each added, changed and removed', () => {
    const mine = [held('1', 'mine'), held('2', 'b'), held('4', 'my new one')];
    const theirs = [held('1', 'a'), held('3', 'c'), held('5', 'their new one')];
    expect(mergeMeasurements(base, mine, theirs).map(({ label }) => label)).toEqual(['mine', 'their new one', 'my new one']);
  });

  it("are this reader's where both changed one, and what one changed is not lost because the other removed it", () => {
    const mine = [held('1', 'mine'), held('2', 'b, but larger')];
    const theirs = [held('1', 'theirs'), held('3', 'c, but smaller')];
    expect(mergeMeasurements(base, mine, theirs).map(({ label }) => label)).toEqual(['mine', 'c, but smaller', 'b, but larger']);
  });

  it('follow one that was made the same lesion as a prior', () => {
    const paired = { ...held('1', 'a'), tracking_uid: '2.25.999' };
    expect(mergeMeasurements(base, [paired, ...base.slice(1)], base).map(({ tracking_uid }) => tracking_uid)).toEqual([
      '2.25.999',
      '2.25.2',
      '2.25.3',
    ]);
  });

  it('keep the ids that the viewer knows when they come back from the server', () => {
    const answered = base.map(({ id: _, ...item }) => ({ ...item, author: 'A', measured_at: '2026-01-01T00:00:00.000Z' }));
    expect(withIds(answered, base)).toEqual(base);
  });
});

describe('the frame of a measurement', () => {
  const instance = (sop_instance_uid: string, number_of_frames: number): InstanceSummary => ({
    sop_instance_uid,
    sop_class_uid: '1.2',
    instance_number: 1,
    number_of_frames,
    rows: 1,
    columns: 1,
    transfer_syntax_uid: '1.2.840.10008.1.2.1',
    window_center: null,
    window_width: null,
    has_pixels: true,
    is_derived: false,
  });
  const series = (uid: string, frames: number): StudyDetail['series'][number] => ({
    series_instance_uid: uid,
    modality: 'CT',
    series_number: 1,
    description: null,
    body_part: null,
    view_position: null,
    instances: [instance(`${uid}.1`, frames)],
  });

  it('is found among the series, and nowhere for a picture that is not there', () => {
    const stacks = stacksOf({ study_instance_uid: '9', series: [series('1', 1), series('2', 3)] });
    expect(placeOf(stacks, '2.1', 2)).toEqual({ stack: stacks[1], index: 1 });
    expect(placeOf(stacks, '1.1', null)).toEqual({ stack: stacks[0], index: 0 });
    expect(placeOf(stacks, '1.1', 2)).toBeUndefined();
    expect(placeOf(stacks, null, null)).toBeUndefined();
  });
});
