import type { MeasurementInput } from '../../contract/measurements.ts';

/** A measurement in the reading view; `id` is the viewer's, and stays while the tracking UID may be made that of a prior. */
export type Held = MeasurementInput & { id: string };

/**
 * What two readers have made of the same measurements: theirs, with what this reader changed since both began. Where both changed one, this
 * reader's stands; what either removed is gone, unless the other changed it.
 *
 * @param base what both began from
 */
export function mergeMeasurements(base: readonly Held[], mine: readonly Held[], theirs: readonly Held[]): Held[] {
  const before = new Map(base.map((item) => [keyOf(item), contentOf(item)]));
  const own = new Map(mine.map((item) => [item.id, item]));
  const ids = new Map(base.map((item) => [keyOf(item), item.id]));
  const others = new Map(theirs.map((item) => [keyOf(item), item]));
  const isChanged = (item: Held): boolean => before.get(keyOfBase(item, base)) !== contentOf(item);

  const kept = theirs.flatMap((item) => {
    const key = keyOf(item);
    const id = ids.get(key);
    const held = id === undefined ? undefined : own.get(id);
    if (id === undefined) return [item];
    if (!held) return before.get(key) === contentOf(item) ? [] : [{ ...item, id }];
    return [isChanged(held) ? held : { ...item, id }];
  });
  const shown = new Set(kept.map(({ id }) => id));
  const added = mine.filter((item) => {
    if (shown.has(item.id)) return false;
    const isNew = !base.some(({ id }) => id === item.id);
    return isNew ? !others.has(keyOf(item)) : isChanged(item);
  });
  return [...kept, ...added];
}

/** The same items as the server has just answered, each under the id that it has here. */
export function withIds(items: readonly MeasurementInput[], held: readonly Held[]): Held[] {
  const free = [...held];
  return items.map((item) => {
    const at = free.findIndex((one) => keyOf(one) === keyOf(item));
    const [found] = at < 0 ? [] : free.splice(at, 1);
    return { ...inputOf(item), id: found?.id ?? `${item.tracking_uid}@${item.sop_instance_uid}` };
  });
}

/** What is sent: without what is only known here, or only to the server. */
export function inputOf(item: MeasurementInput): MeasurementInput {
  const { tracking_uid, label, kind, sop_instance_uid, frame, frame_of_reference_uid: space, points, values, comment } = item;
  const inSpace = space === undefined ? {} : { frame_of_reference_uid: space };
  return { tracking_uid, label, kind, sop_instance_uid, frame, ...inSpace, points, values, comment };
}

export function isSameContent(a: readonly Held[], b: readonly Held[]): boolean {
  return a.length === b.length && a.every((item, index) => contentOf(item) === contentOf(b[index]));
}

function keyOf({ tracking_uid, sop_instance_uid, kind }: MeasurementInput): string {
  return `${tracking_uid} ${sop_instance_uid} ${kind}`;
}

/** Under which key the item was when both began; its tracking UID may have changed since. */
function keyOfBase(item: Held, base: readonly Held[]): string {
  return keyOf(base.find(({ id }) => id === item.id) ?? item);
}

function contentOf(item: MeasurementInput | undefined): string {
  return item ? JSON.stringify(inputOf(item)) : '';
}
