import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import { isPrivate } from '../dictionary.ts';
import { confidentialityRows } from './profile-data.ts';

/** Actions of PS3.15 E.1.1, item 8. The combined ones depend on the attribute's type in the object's IOD. */
export type TableAction = 'D' | 'Z' | 'X' | 'K' | 'C' | 'U' | 'Z/D' | 'X/Z' | 'X/D' | 'X/Z/D' | 'X/Z/U*';

/** Columns of Table E.1-1 beside the Basic Profile. */
export type ProfileOption =
  | 'private'
  | 'uids'
  | 'device'
  | 'institution'
  | 'patient'
  | 'full_dates'
  | 'modified_dates'
  | 'descriptors'
  | 'structured'
  | 'graphics';

/** A row of Table E.1-1; `tag` is 8 hex digits, with `x` for any digit in repeating groups, or `private`. */
export type ProfileRow = {
  tag: string;
  basic: TableAction;
  options: Partial<Record<ProfileOption, 'K' | 'C'>>;
  inStandardIod: boolean;
  name: string;
};

/** What the profile says of an attribute, and which option said it; `option` undefined: the Basic Profile. */
export type Decision = { action: TableAction; option: ProfileOption | undefined };

type Tables = { rows: ProfileRow[]; byTag: Map<string, ProfileRow>; repeating: [RegExp, ProfileRow][] };
let tables: Tables | undefined;

/** All rows of Table E.1-1. */
export function profileRows(): readonly ProfileRow[] {
  tables ??= openTables();
  return tables.rows;
}

/** The row that speaks of `tag`; undefined if the table leaves the attribute alone. Private attributes have one row for all. */
export function profileRowOf(tag: string): ProfileRow | undefined {
  tables ??= openTables();
  if (isPrivate(tag)) return tables.byTag.get('private');
  const row = tables.byTag.get(tag);
  if (row !== undefined || !/^[56]0/.test(tag)) return row;
  return tables.repeating.find(([pattern]) => pattern.test(tag))?.[1];
}

/** The options of E.3 that are chosen, as columns of the table. */
export function chosenOptions(options: DeidentificationOptions): ReadonlySet<ProfileOption> {
  const chosen: [ProfileOption, boolean][] = [
    ['private', options.retain_safe_private],
    ['uids', options.retain_uids],
    ['device', options.retain_device_identity],
    ['institution', options.retain_institution_identity],
    ['patient', options.retain_patient_characteristics],
    ['full_dates', options.dates === 'keep'],
    ['modified_dates', options.dates === 'modify'],
    ['descriptors', options.clean_descriptors],
    ['structured', options.clean_structured_content],
    ['graphics', options.clean_graphics],
  ];
  return new Set(chosen.flatMap(([option, isChosen]) => (isChosen ? [option] : [])));
}

/**
 * The action of a row under the chosen options. An option overrides the Basic Profile (E.1.1). Where several options speak of one
 * attribute, modified dates come first (a date that another option would keep must not undo the shift of all others), then what is
 * kept, then what is cleaned.
 */
export function decide(row: ProfileRow, chosen: ReadonlySet<ProfileOption>): Decision {
  if (chosen.has('modified_dates') && row.options.modified_dates !== undefined) {
    return { action: row.options.modified_dates, option: 'modified_dates' };
  }
  for (const wanted of ['K', 'C'] as const) {
    for (const option of chosen) if (row.options[option] === wanted) return { action: wanted, option };
  }
  return { action: row.basic, option: undefined };
}

function openTables(): Tables {
  const rows = confidentialityRows.trim().split('\n').map(readRow);
  const repeating = rows
    .filter(({ tag }) => tag.includes('x'))
    .map((row): [RegExp, ProfileRow] => [new RegExp(`^${row.tag.replaceAll('x', '[0-9A-F]')}$`), row]);
  return { rows, byTag: new Map(rows.map((row) => [row.tag, row])), repeating };
}

function readRow(line: string): ProfileRow {
  const [tag = '', basic = 'X', codes = '-', iod = 'N', ...name] = line.split(' ');
  const options: ProfileRow['options'] = {};
  for (const code of codes === '-' ? [] : codes.split(',')) {
    const [option, action] = code.split(':');
    // Generated from the standard's own table, so every code is an option and K or C.
    options[option as ProfileOption] = action as 'K' | 'C';
  }
  return { tag, basic: basic as TableAction, options, inStandardIod: iod === 'Y', name: name.join(' ') };
}
