import type { TableAction } from './profile.ts';

/** Type of an attribute in an IOD (PS3.5 7.4), conditional types as their unconditional ones. */
export type AttributeType = 1 | 2 | 3;

/** Where an attribute stands: the object's SOP class, and whether at its root or inside of a sequence. */
export type Place = { sopClassUid: string; atRoot: boolean };

/** What is done at last: the combined actions of the table are no longer among them. */
export type Action = 'D' | 'Z' | 'X' | 'K' | 'C' | 'U';

const ROOT = '1.2.840.10008.5.1.4.1.1.';

/** SOP classes of one kind, as endings of the storage root; `*` for every class that begins so. */
const kinds = {
  /** CR, CT, MR, ultrasound, secondary capture: General Image and General Equipment modules. */
  classic: ['1', '2', '4', '6.1', '3.1', '7', '7.1', '7.2', '7.3', '7.4'],
  digitalXRay: ['1.1', '1.1.1', '1.2', '1.2.1', '1.3', '1.3.1'],
  angiography: ['12.1', '12.2'],
  nuclear: ['20'],
  pet: ['128'],
  enhanced: ['2.1', '2.2', '4.1', '4.2', '4.3', '4.4', '6.2', '12.1.1', '12.2.1', '13.1.*', '128.1', '130'],
  structuredReport: ['88.*'],
  presentation: ['11.*'],
  segmentation: ['66', '66.1', '66.2', '66.3', '66.4', '66.5'],
  /** RT objects of the first generation. */
  radiotherapy: ['481.1', '481.2', '481.3', '481.4', '481.5', '481.6', '481.7', '481.8', '481.9'],
} as const satisfies Record<string, readonly string[]>;
type Kind = keyof typeof kinds;

const IMAGES: readonly Kind[] = ['classic', 'digitalXRay', 'angiography', 'nuclear', 'pet'];
const KNOWN: readonly Kind[] = [...IMAGES, 'enhanced', 'structuredReport', 'presentation', 'segmentation', 'radiotherapy'];

/** Types at the root, read from the modules of PS3.3; the first line that names the kind counts. */
const types: Readonly<Record<string, readonly [AttributeType, readonly Kind[]][]>> = {
  // SOP Common Module, C.12.1: Instance Creation Date and Time
  '00080012': [[3, KNOWN]],
  '00080013': [[3, KNOWN]],
  // General Series Module, C.7.3.1, but the PET Series Module (C.8.9.1) makes them type 1
  '00080021': [
    [1, ['pet']],
    [3, KNOWN],
  ],
  '00080031': [
    [1, ['pet']],
    [3, KNOWN],
  ],
  // PET Image (C.8.9.4) and NM Image (C.8.4.9) modules; General Image Module (C.7.6.1)
  '00080022': [
    [2, ['pet', 'nuclear']],
    [3, IMAGES],
  ],
  '00080032': [
    [2, ['pet', 'nuclear']],
    [3, IMAGES],
  ],
  '0008002A': [[3, IMAGES]],
  // General Image Module: 2C
  '00080023': [[2, IMAGES]],
  '00080033': [[2, IMAGES]],
  // General Equipment Module, C.7.5.1; Enhanced General Equipment (C.7.5.2) makes only the serial number type 1
  '00080080': [[3, KNOWN]],
  '00080082': [[3, KNOWN]],
  '00081010': [[3, KNOWN]],
  '00181000': [[3, [...IMAGES, 'presentation', 'radiotherapy']]],
  // General Series Module; RT Series Module, C.8.8.1
  '00081070': [
    [2, ['radiotherapy']],
    [3, KNOWN],
  ],
  '00081072': [[3, KNOWN]],
  '00181030': [[3, [...IMAGES, 'structuredReport', 'presentation', 'segmentation', 'radiotherapy']]],
  // SR Document Series Module, C.17.1
  '00081111': [
    [2, ['structuredReport']],
    [3, KNOWN],
  ],
  // General Study Module, C.7.2.1
  '00081110': [[3, KNOWN]],
  // General Reference Module, C.12.4; the XA/XRF Image Module (C.8.7.1) makes it 1C, the RT Image Module has references of its own
  '00081140': [[3, ['classic', 'nuclear', 'pet']]],
  '00082112': [[3, ['classic', 'nuclear', 'pet']]],
  // Patient Module, C.7.1.1
  '00100020': [[2, KNOWN]],
  // Contrast/Bolus Module, C.7.6.4
  '00180010': [[2, IMAGES]],
  '00181400': [[3, ['classic', 'nuclear', 'pet', 'digitalXRay']]],
  // DX Detector Module, C.8.11.4; not in the IODs of the others
  '0018700A': [[3, ['classic', 'nuclear', 'pet']]],
  '0018700C': [[3, ['classic', 'nuclear', 'pet']]],
  '0018700E': [[3, ['classic', 'nuclear', 'pet']]],
  // General Study and Series modules; type 2 only inside of Referenced Request Sequence
  '00321060': [[3, KNOWN]],
  // Acquisition Context Module, C.7.6.14: type 2, and not in the IODs of these
  '00400555': [[3, ['classic', 'nuclear', 'pet', 'angiography', 'presentation', 'radiotherapy']]],
};

/** Type of the attribute where it stands, for those that the table has combined actions for; undefined where we do not know it. */
export function attributeTypeOf(tag: string, { sopClassUid, atRoot }: Place): AttributeType | undefined {
  if (!atRoot) return undefined;
  const kind = kindOf(sopClassUid);
  if (kind === undefined) return undefined;
  return types[tag]?.find(([, listed]) => listed.includes(kind))?.[0];
}

/**
 * Resolves a combined action (PS3.15 E.1.1: "X unless Z or D is required to maintain IOD conformance"). Type 3 takes the removal, type 2
 * the empty value, type 1 the dummy. Where the type is not known, the action that conforms in every case is taken: D before U before Z
 * before X.
 */
export function resolveAction(action: TableAction, tag: string, place: Place): Action {
  if (!action.includes('/')) return action as Action;
  const allowed = action.split('/').map((part) => part[0]) as Action[];
  const type = attributeTypeOf(tag, place);
  const [optional, empty, dummy] = [allowed.find((one) => one === 'X'), allowed.find((one) => one === 'Z'), allowed.at(-1)];
  if (type === 3) return optional ?? empty ?? 'D';
  if (type === 2) return empty ?? dummy ?? 'D';
  return dummy ?? 'D';
}

function kindOf(sopClassUid: string): Kind | undefined {
  if (!sopClassUid.startsWith(ROOT)) return undefined;
  const ending = sopClassUid.slice(ROOT.length);
  for (const [kind, endings] of Object.entries(kinds)) {
    const isListed = endings.some((listed) => (listed.endsWith('*') ? ending.startsWith(listed.slice(0, -1)) : ending === listed));
    if (isListed) return kind as Kind;
  }
  return undefined;
}
