import { describe, expect, it } from 'vitest';
import type { InstanceSummary } from '../../contract/studies.ts';
import { lossiness, type Series, stacksOf, startPosition, withoutSegmentations } from './stack.ts';

describe('the stacks of a study', () => {
  it('are in order of instance number and leave out what has no pixels', () => {
    const stacks = stacksOf(
      study([
        [instance('1.3', 3), instance('1.1', 1), instance('1.2', 2, { has_pixels: false })],
        [instance('2.1', 1, { has_pixels: false })],
      ]),
    );
    expect(stacks.map(({ frames }) => frames.map(({ instance: { sop_instance_uid } }) => sop_instance_uid))).toEqual([['1.1', '1.3']]);
  });

  it('scroll through the frames of an instance with many', () => {
    const [stack] = stacksOf(study([[instance('1.1', 1, { number_of_frames: 3 })]]));
    expect(stack?.frames.map(({ frame }) => frame)).toEqual([1, 2, 3]);
  });

  it('leave segmentations to lie over pictures, unless there are none', () => {
    const [seg, ct] = stacksOf(study([[instance('1.1', 1, { sop_class_uid: '1.2.840.10008.5.1.4.1.1.66.4' })], [instance('2.1', 1)]]));
    if (!seg || !ct) throw new Error('no stacks');
    expect(withoutSegmentations([seg, ct])).toEqual({ pictures: [ct], segmentations: [seg] });
    expect(withoutSegmentations([seg])).toEqual({ pictures: [seg], segmentations: [] });
  });

  it('are opened in the middle of the longest', () => {
    const long = Array.from({ length: 5 }, (_, index) => instance(`2.${index}`, index));
    expect(startPosition(stacksOf(study([[instance('1.1', 1)], long])))).toEqual({ stack: 1, index: 2 });
    expect(startPosition([])).toEqual({ stack: 0, index: 0 });
  });

  it.each([
    ['1.2.840.10008.1.2.1', 'none'],
    ['1.2.840.10008.1.2.4.50', 'certain'],
    ['1.2.840.10008.1.2.4.70', 'none'],
    ['1.2.840.10008.1.2.4.91', 'possible'],
  ])('tell of %s that loss is %s', (uid, loss) => {
    expect(lossiness(uid)).toBe(loss);
  });
});

function instance(sop_instance_uid: string, instance_number: number, change: Partial<InstanceSummary> = {}): InstanceSummary {
  return {
    sop_instance_uid,
    sop_class_uid: '1.2.840.10008.5.1.4.1.1.2',
    instance_number,
    number_of_frames: 1,
    rows: 4,
    columns: 4,
    transfer_syntax_uid: '1.2.840.10008.1.2.1',
    window_center: null,
    window_width: null,
    has_pixels: true,
    is_derived: false,
    ...change,
  };
}

function study(series: InstanceSummary[][]): Parameters<typeof stacksOf>[0] {
  const details = series.map(
    (instances, index): Series => ({
      series_instance_uid: `${index + 1}`,
      modality: 'CT',
      series_number: index,
      description: null,
      body_part: null,
      view_position: null,
      instances,
    }),
  );
  return { study_instance_uid: '1', series: details };
}
