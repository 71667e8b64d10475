import { type FrameSource, knownInfo } from './frame-source.ts';
import { nearestFrame } from './linked-index.ts';
import { type Stack, startPosition } from './stack.ts';
import { CELLS_OF_LAYOUT, type FrameReference, type LayoutName, type SeriesReference } from './viewer-surface.ts';

/** What a cell shows: a stack by its place in the list, and the index of its frame. */
export type Cell = { stack: number | null; index: number };
export type Arrangement = { layout: LayoutName; cells: readonly Cell[]; active: number; isLinked: boolean };
type Sources = readonly (readonly FrameSource[])[];

/** The longest stack at its middle. */
export function firstArrangement(stacks: readonly Stack[]): Arrangement {
  return { layout: '1x1', cells: [startPosition(stacks)], active: 0, isLinked: false };
}

/** With as many cells as the layout has; new ones take the stacks that are not shown yet. */
export function withLayout(before: Arrangement, layout: LayoutName, stacks: readonly Stack[]): Arrangement {
  const count = CELLS_OF_LAYOUT[layout];
  const kept = count === 1 ? [before.cells[before.active] ?? { stack: 0, index: 0 }] : before.cells.slice(0, count);
  const free = stacks.flatMap((_, index) => (kept.some(({ stack }) => stack === index) ? [] : [index]));
  const added = Array.from({ length: count - kept.length }, (_, index): Cell => {
    const stack = free[index];
    return stack === undefined ? { stack: null, index: 0 } : { stack, index: middleOf(stacks[stack]) };
  });
  return { ...before, layout, cells: [...kept, ...added], active: count === 1 ? 0 : Math.min(before.active, count - 1) };
}

/** With another stack in a cell; without `index`, at its middle. */
export function withStack(
  before: Arrangement,
  cell: number,
  next: { stack: number; index?: number },
  stacks: readonly Stack[],
): Arrangement {
  const shown = { stack: next.stack, index: next.index ?? middleOf(stacks[next.stack]) };
  return { ...before, cells: before.cells.map((item, at) => (at === cell ? shown : item)) };
}

/** A cell scrolled to an index; linked cells follow in space, or else by as many steps. */
export function scrolled(before: Arrangement, cell: number, index: number, sources: Sources): Arrangement {
  const moving = before.cells[cell];
  const own = moving?.stack == null ? undefined : sources[moving.stack];
  if (!moving || !own) return before;
  const target = clamp(index, own.length);
  const source = own[target];
  const info = source && knownInfo(source);
  const follow = (item: Cell): Cell => {
    const others = item.stack === null ? undefined : sources[item.stack];
    if (!others || !before.isLinked) return item;
    // Of a series whose headers are on their way, the nearest of those that came would be far off: it goes as many steps.
    const infos = others.map(knownInfo);
    const nearest = info && infos.every((other) => other !== undefined) ? nearestFrame(info, infos) : undefined;
    return { ...item, index: clamp(nearest ?? item.index + target - moving.index, others.length) };
  };
  return { ...before, cells: before.cells.map((item, at) => (at === cell ? { ...item, index: target } : follow(item))) };
}

/** Shows a frame, in the cell that has its series, else in the active one. */
export function wentTo(before: Arrangement, reference: FrameReference, sources: Sources): Arrangement {
  const stack = sources.findIndex((frames) => frames.some((source) => isFrame(source, reference)));
  const index = sources[stack]?.findIndex((source) => isFrame(source, reference)) ?? -1;
  if (stack < 0 || index < 0) return before;
  const shown = before.cells.findIndex((cell) => cell.stack === stack);
  const cell = shown < 0 ? before.active : shown;
  const there = {
    ...before,
    active: cell,
    cells: before.cells.map((item, at) => (at === cell ? { stack, index: item.stack === stack ? item.index : index } : item)),
  };
  return scrolled(there, cell, index, sources);
}

/** Place of a series in the list; -1 if it is not there. */
export function stackOf(stacks: readonly Stack[], { study_instance_uid, series_instance_uid }: SeriesReference): number {
  return stacks.findIndex(
    (stack) => stack.study_instance_uid === study_instance_uid && stack.series.series_instance_uid === series_instance_uid,
  );
}

function isFrame({ reference }: FrameSource, { sop_instance_uid, frame }: FrameReference): boolean {
  return reference.sop_instance_uid === sop_instance_uid && reference.frame === frame;
}

function middleOf(stack: Stack | undefined): number {
  return Math.floor(((stack?.frames.length ?? 1) - 1) / 2);
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}
