import type { Stack } from '../viewer/stack.ts';

/** Where a frame of an instance is among the stacks: the stack that it is in, and its index there. */
export type Place = { stack: Stack; index: number };

export function placeOf(stacks: readonly Stack[], sopInstanceUid: string | null, frame: number | null): Place | undefined {
  for (const stack of stacks) {
    const index = stack.frames.findIndex((item) => item.instance.sop_instance_uid === sopInstanceUid && item.frame === (frame ?? 1));
    if (index >= 0) return { stack, index };
  }
  return undefined;
}
