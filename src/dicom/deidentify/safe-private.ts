import type { SafePrivateElement } from '../../contract/deidentification.ts';
import { type Attribute, type DataSet, textOf, type Vr } from '../data-set.ts';
import { vrInfo } from '../vr.ts';
import { safePrivateRows } from './safe-private-data.ts';

/** Private elements that stay: by creator, group and low byte of the element; the VR where it is known. */
export type SafePrivate = ReadonlyMap<string, Vr | undefined>;

/** A private element of a data set that may stay, and the tag of its creator. */
export type KeptPrivate = { tag: string; creatorTag: string; attribute: Attribute };

/** PS3.15 Table E.3.10-1 and what else is said to be safe. */
export function safePrivateOf(more: readonly SafePrivateElement[]): SafePrivate {
  const safe = new Map<string, Vr | undefined>();
  for (const row of safePrivateRows.trim().split('\n')) {
    const [, group = '', lists = '', creator = ''] = /^(\S+) ((?:[A-Z]{2}:\S+ )+)(.*)$/.exec(row) ?? [];
    for (const list of lists.trim().split(' ')) {
      // Transcribed from the standard's table, so every code is a VR.
      for (const element of list.slice(3).split(',')) safe.set(keyOf(creator, group, element), list.slice(0, 2) as Vr);
    }
  }
  for (const { creator, group, element } of more) {
    const key = keyOf(creator, group, element);
    if (!safe.has(key)) safe.set(key, undefined);
  }
  return safe;
}

/** The private elements of a data set that are in the list, read in the VR that the list knows where the file did not know it. */
export function keptPrivate(dataSet: DataSet, safe: SafePrivate): KeptPrivate[] {
  return Object.entries(dataSet).flatMap(([tag, attribute]) => {
    const creatorTag = `${tag.slice(0, 4)}00${tag.slice(4, 6)}`;
    if (tag.startsWith('00', 4)) return [];
    const creator = textOf(dataSet, creatorTag);
    if (creator === undefined) return [];
    const key = keyOf(creator, tag.slice(0, 4), tag.slice(6));
    if (!safe.has(key)) return [];
    return [{ tag, creatorTag, attribute: inKnownVr(attribute, safe.get(key)) }];
  });
}

/** Text that came as UN (implicit VR) becomes text again, so that it can be looked into; numbers may stay as UN. */
function inKnownVr(attribute: Attribute, vr: Vr | undefined): Attribute {
  if (attribute.vr !== 'UN' || vr === undefined || vrInfo[vr].kind !== 'text') return attribute;
  const text = new TextDecoder('windows-1252').decode(attribute.bytes).replace(/[\0 ]+$/, '');
  return text === '' ? { vr } : { vr, Value: text.split('\\').map((value) => value.trim()) };
}

function keyOf(creator: string, group: string, element: string): string {
  return `${group.toUpperCase()} ${element.toUpperCase()} ${creator.trim()}`;
}
