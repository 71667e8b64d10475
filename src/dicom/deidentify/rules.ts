import type { Vr } from '../data-set.ts';
import { entryOf, isPrivate } from '../dictionary.ts';
import { type ProfileRow, profileRowOf, type TableAction } from './profile.ts';

/** UIDs that name a class, a scheme or an encoding, not a thing: they stay (PS3.15 E.3.9 note 4). */
const STRUCTURAL_UIDS = new Set([
  '00080016', // SOP Class UID
  '0008001A', // Related General SOP Class UID
  '0008001B', // Original Specialized SOP Class UID
  '00080062', // SOP Classes in Study
  '0008010C', // Coding Scheme UID
  '0008010D', // Context Group Extension Creator UID
  '00080117', // Context UID
  '00080118', // Mapping Resource UID
  '00081150', // Referenced SOP Class UID
  '0008115A', // SOP Classes Supported
  '00083002', // Available Transfer Syntax UID
  '00089123', // Creator-Version UID
  '00340003', // Flow Transfer Syntax UID
  '04000010', // MAC Calculation Transfer Syntax UID
  '04000510', // Encrypted Content Transfer Syntax UID
  '3010001F', // Segmentation Template UID
  '30100052', // Pertinent SOP Classes in Study
  '30100053', // Pertinent SOP Classes in Series
]);

const row = (tag: string, basic: TableAction, options: ProfileRow['options'], name: string): [string, ProfileRow] => [
  tag,
  { tag, basic, options, inStandardIod: true, name },
];

/** Attributes that Table E.1-1 leaves alone and that hold what people wrote, or where something is to be had. */
const beyondTable: ReadonlyMap<string, ProfileRow> = new Map([
  row('00080300', 'X', {}, 'Private Data Element Characteristics Sequence'),
  row('00081190', 'X', {}, 'Retrieve URL'),
  row('00287FE0', 'X', {}, 'Pixel Data Provider URL'),
  row('00404073', 'D', {}, 'Storage URL'),
  row('0040A160', 'D', { structured: 'C', descriptors: 'C' }, 'Text Value'),
  row('0040E010', 'D', {}, 'Retrieve URI'),
  row('00420010', 'Z', { descriptors: 'C' }, 'Document Title'),
  row('00700006', 'D', { graphics: 'C' }, 'Unformatted Text Value'),
  row('0074100A', 'X', {}, 'Contact URI'),
]);

const UNLISTED_UID: ProfileRow = { tag: '', basic: 'U', options: { uids: 'K' }, inStandardIod: true, name: 'UID' };
const UNLISTED_DATE: ProfileRow = {
  tag: '',
  basic: 'X',
  options: { full_dates: 'K', modified_dates: 'C' },
  inStandardIod: true,
  name: 'Date',
};
const REMOVED: ProfileRow = { tag: '', basic: 'X', options: {}, inStandardIod: false, name: 'Removed' };

/** Groups of commands, file meta information and directories: nothing of them belongs into a composite object. */
const FIRST_GROUP_OF_OBJECTS = 0x0008;

/**
 * The rule for an attribute: its row of Table E.1-1; for what the table leaves out, the rule that its notes advise (dates, names and UIDs
 * by their VR, E.1.1 note 4), and removal of what is not in the dictionary or has an unknown VR. Undefined: kept, its text looked
 * through for identifiers.
 */
export function ruleOf(tag: string, vr: Vr): ProfileRow | undefined {
  if (isPrivate(tag)) return profileRowOf(tag);
  const listed = profileRowOf(tag) ?? beyondTable.get(tag);
  if (listed !== undefined) return listed;
  const entry = entryOf(tag);
  if (Number.parseInt(tag.slice(0, 4), 16) < FIRST_GROUP_OF_OBJECTS || entry === undefined || vr === 'UN') return REMOVED;
  if (vr === 'UI' || entry.vr === 'UI') return STRUCTURAL_UIDS.has(tag) ? undefined : UNLISTED_UID;
  if (vr === 'DA' || vr === 'DT' || vr === 'TM') return UNLISTED_DATE;
  if (vr === 'PN') return REMOVED;
  return undefined;
}

/** Coding schemes of standards (PS3.16 table 8-1): their codes say what a term is, not who or where. */
const STANDARD_SCHEMES = new Set(
  `DCM SCT SRT SNM3 99SDM LN UCUM FMA RADLEX NCIt UMLS MDC I10 I9 I9C I10P ICD10 ICDO3 ICD-10-CM I11 CPT4 ACR C4 CTV3 BI
  RXNORM UNS NDC PUBCHEM_CID NEU UBERON UNIPROT ITIS_TSN MA MSH MAYOASRG IBSI ISO3166_1 ISO5218_1 ISO639_1 ISO639_2 HPC NDFRT IEC61966-2-1`.split(
    /\s+/,
  ),
);

/** Whether the designator names a coding scheme that everybody can look up; local ones begin with 99 or say anything. */
export function isStandardScheme(designator: string | undefined): boolean {
  return designator !== undefined && STANDARD_SCHEMES.has(designator);
}
