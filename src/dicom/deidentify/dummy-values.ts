import type { Attribute, Vr } from '../data-set.ts';
import { vrInfo } from '../vr.ts';

/** Fits SH, LO, CS, AE and every longer VR. */
export const DUMMY_TEXT = 'ANONYMIZED';
export const DUMMY_NAME = 'Anonymous';
export const DUMMY_DATE = '19000101';
export const DUMMY_TIME = '000000';

/** Local coding scheme of dummy codes; 99 marks private schemes (PS3.3 8.2). */
const DUMMY_SCHEME = '99ISOCENTER';
const CODING_SCHEME_DESIGNATOR = '00080102';
const ENCAPSULATED_DOCUMENT = '00420011';

const textDummies: Partial<Record<Vr, string>> = {
  AS: '000D',
  DA: DUMMY_DATE,
  DT: `${DUMMY_DATE}${DUMMY_TIME}`,
  TM: DUMMY_TIME,
  UR: 'about:blank',
};

/** A valid PDF of one empty page (ISO 32000-1 7.5), for viewers of an encapsulated document whose content is gone. */
const EMPTY_PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000052 00000 n 
0000000101 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
164
%%EOF
`;

/**
 * A value without meaning that is valid in the attribute's VR (action D). Keeps the number of values of numbers, because multiplicity
 * often says how much follows. UIDs and sequences are not done here.
 */
export function dummyOf(tag: string, { vr, Value, bytes }: Attribute): Attribute {
  if (vr === 'PN') return { vr, Value: [{ Alphabetic: DUMMY_NAME }] };
  if (vrInfo[vr].kind === 'bytes') return { vr, bytes: dummyBytes(tag, bytes?.length ?? 0) };
  if (vr === 'AT') return { vr, Value: (Value ?? ['']).map(() => '00000000') };
  if (vr === 'UV' || vr === 'SV') return { vr, Value: (Value ?? [0n]).map(() => 0n) };
  if (vr === 'DS' || vr === 'IS' || vrInfo[vr].kind === 'number') return { vr, Value: (Value ?? [0]).map(() => 0) };
  if (tag === CODING_SCHEME_DESIGNATOR) return { vr, Value: [DUMMY_SCHEME] };
  return { vr, Value: [textDummies[vr] ?? DUMMY_TEXT] };
}

/** Whether a text is one of those that stand for what was there. */
export function isDummy(text: string): boolean {
  return text === DUMMY_TEXT || text === DUMMY_NAME || text === DUMMY_SCHEME;
}

/** Zeros, as many as a fixed-size field had but never more than it takes to be valid. */
function dummyBytes(tag: string, length: number): Uint8Array {
  if (tag === ENCAPSULATED_DOCUMENT) return new TextEncoder().encode(EMPTY_PDF);
  return new Uint8Array(Math.min(Math.max(length, 2), 16));
}
