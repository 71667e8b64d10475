import type { InstanceSummary, StudyDetail } from '../../contract/studies.ts';
import { SEGMENTATION_STORAGE } from '../../imaging/segmentation.ts';

export type Series = StudyDetail['series'][number];
/** One picture of a stack; `frame` counts from 1 within its instance. */
export type Frame = { instance: InstanceSummary; frame: number };
/** A series as it is scrolled through: its frames in order of instance number. */
export type Stack = {
  study_instance_uid: string;
  series: Series;
  frames: Frame[];
  /** Says that it is of an earlier study, and of when; absent in the study that is read. */
  prior?: string;
};
/** Where the reader is: which stack, and which of its frames, both from 0. */
export type Position = { stack: number; index: number };

/** The scrollable series of a study; those without pictures are left out. */
export function stacksOf({ study_instance_uid, series: all }: Pick<StudyDetail, 'study_instance_uid' | 'series'>): Stack[] {
  return all.map((series) => ({ study_instance_uid, series, frames: framesOf(series) })).filter(({ frames }) => frames.length > 0);
}

/** Segmentations lie over the pictures that they belong to; where there is nothing else, they are looked at themselves. */
export function withoutSegmentations(stacks: readonly Stack[]): { pictures: readonly Stack[]; segmentations: readonly Stack[] } {
  const { pictures = [], segmentations = [] } = Object.groupBy(stacks, ({ frames }) =>
    frames[0]?.instance.sop_class_uid === SEGMENTATION_STORAGE ? 'segmentations' : 'pictures',
  );
  return pictures.length > 0 ? { pictures, segmentations } : { pictures: segmentations, segmentations: [] };
}

/** Where reading begins: the middle of the longest stack. */
export function startPosition(stacks: readonly Stack[]): Position {
  const lengths = stacks.map(({ frames }) => frames.length);
  const stack = Math.max(0, lengths.indexOf(Math.max(...lengths)));
  return { stack, index: Math.floor(((lengths[stack] ?? 1) - 1) / 2) };
}

/** Whether, and how surely, the pixels went through a lossy transfer syntax (PS3.5 A.4). */
export function lossiness(transferSyntaxUid: string): 'none' | 'possible' | 'certain' {
  const last = /^1\.2\.840\.10008\.1\.2\.4\.(\d+)$/.exec(transferSyntaxUid)?.[1] ?? '';
  if (['50', '51', '81'].includes(last)) return 'certain';
  return ['91', '93', '112', '203'].includes(last) ? 'possible' : 'none';
}

function framesOf(series: Series): Frame[] {
  const instances = series.instances.filter((instance) => instance.has_pixels);
  const ordered = instances.toSorted((a, b) => (a.instance_number ?? 0) - (b.instance_number ?? 0));
  return ordered.flatMap((instance) =>
    Array.from({ length: Math.max(1, instance.number_of_frames) }, (_, index) => ({ instance, frame: index + 1 })),
  );
}
