import type { Vr } from './data-set.ts';
import { attributeRows, repeatingRows } from './dictionary-data.ts';

/** An attribute of PS3.6. `vrs` lists every VR that the dictionary allows; `vr` is the one to take without further knowledge. */
export type DictionaryEntry = { vr: Vr; vrs: readonly Vr[]; vm: string; keyword: string };

/** What decides between the VRs of one attribute. */
export type VrContext = { pixelRepresentation: number };

type Tables = { byTag: Map<string, DictionaryEntry>; byKeyword: Map<string, string>; repeating: [RegExp, DictionaryEntry][] };
let tables: Tables | undefined;

/** The dictionary's entry of a tag ("00100020"); undefined for private and unknown attributes. */
export function entryOf(tag: string): DictionaryEntry | undefined {
  tables ??= openTables();
  const entry = tables.byTag.get(tag);
  if (entry !== undefined || isPrivate(tag)) return entry;
  return mayRepeat(tag) ? tables.repeating.find(([pattern]) => pattern.test(tag))?.[1] : undefined;
}

/**
 * VR of an attribute whose bytes do not say it (implicit VR). Where the dictionary leaves a choice, pixel values follow Pixel
 * Representation and binary data are OW (PS3.5 A.1). Private creators are LO, other private and unknown attributes UN.
 */
export function vrOf(tag: string, context: VrContext = { pixelRepresentation: 0 }): Vr {
  const entry = entryOf(tag);
  if (entry !== undefined) {
    if (entry.vrs.includes('OW')) return 'OW';
    if (entry.vrs.includes('SS') && context.pixelRepresentation === 1) return 'SS';
    return entry.vr;
  }
  if (tag.endsWith('0000')) return 'UL';
  return isPrivate(tag) && tag.startsWith('00', 4) && tag[6] !== '0' ? 'LO' : 'UN';
}

/** Keyword of a tag, for example `PatientID`. */
export function keywordOf(tag: string): string | undefined {
  return entryOf(tag)?.keyword;
}

/** Tag of a keyword; undefined if PS3.6 has none of that name. */
export function tagOf(keyword: string): string | undefined {
  tables ??= openTables();
  return tables.byKeyword.get(keyword);
}

/** Whether the tag belongs to a private (odd) group. */
export function isPrivate(tag: string): boolean {
  return (Number.parseInt(tag.slice(3, 4), 16) & 1) === 1;
}

function openTables(): Tables {
  const opened: Tables = { byTag: new Map(), byKeyword: new Map(), repeating: [] };
  for (const [tag, entry] of rowsOf(attributeRows)) {
    opened.byTag.set(tag, entry);
    opened.byKeyword.set(entry.keyword, tag);
  }
  for (const [tag, entry] of rowsOf(repeatingRows)) {
    opened.repeating.push([new RegExp(`^${tag.replaceAll('x', '[0-9A-F]')}$`), entry]);
    // The first group stands for the keyword, as in the names "OverlayRows" of (6000,0010).
    opened.byKeyword.set(entry.keyword, tag.replaceAll('x', '0'));
  }
  return opened;
}

function rowsOf(rows: string): [string, DictionaryEntry][] {
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const [tag = '', codes = '', vm = '', keyword = ''] = row.split(' ');
      // Generated from the standard's own table, so every code is a VR.
      const vrs = codes.split('|') as Vr[];
      return [tag, { vr: vrs[0] ?? 'UN', vrs, vm, keyword }];
    });
}

/** Groups with repeating attributes; spares the rest of the unknown tags the search. */
function mayRepeat(tag: string): boolean {
  return /^(?:50|60|7F|0020|0028|1000|1010)/.test(tag);
}
