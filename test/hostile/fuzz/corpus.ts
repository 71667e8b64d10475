import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../../src/dicom/uids.ts';
import { writeDataSet, writePart10 } from '../../../src/dicom/write.ts';
import { writeData, writePdu } from '../../../src/server/dimse/pdu.ts';
import { ctObject, encapsulatedObject } from '../../conformance/dicom-objects.ts';
import { conversation } from '../../dicom-peer.ts';

/** Where an input begins its way in. */
export type Target = 'pdu' | 'part10' | 'data-set';

/** Seeds beyond this are cut: small inputs are wounded more often where it matters. */
const LONGEST_SEED = 8_192;

/** What is mutated: conversations, files, and data sets as commands and identifiers are. @param folder of more files, if there is one */
export function seedsOf(target: Target, folder: string | undefined): Uint8Array[] {
  const file = writePart10(ctObject(ExplicitVrLittleEndian));
  if (target === 'pdu') {
    const spoken = conversation(file.subarray(0, LONGEST_SEED * 4));
    const rejection = writePdu({ type: 'associate-reject', result: 1, source: 1, reason: 3 });
    return [Buffer.concat(spoken).subarray(0, LONGEST_SEED), ...spoken.map((pdu) => pdu.subarray(0, LONGEST_SEED)), rejection, crumbs()];
  }
  const objects = [ExplicitVrLittleEndian, ExplicitVrBigEndian, ImplicitVrLittleEndian].map(ctObject);
  if (target === 'data-set') return objects.map(({ dataSet }) => writeDataSet(dataSet, ImplicitVrLittleEndian).subarray(0, LONGEST_SEED));
  const own = [...objects, encapsulatedObject([Uint8Array.of(0xff, 0xd8, 0xff, 1), Uint8Array.of(2, 3)], 2)].map((object) =>
    writePart10(object),
  );
  const more = folder === undefined ? [] : readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return [...own, ...more].map((bytes) => bytes.subarray(0, LONGEST_SEED));
}

/** A message in many small pieces. */
function crumbs(): Uint8Array {
  const pieces = Array.from({ length: 20 }, (_, index) => writeData(1, { isCommand: true, isLast: index === 19 }, Uint8Array.of(index, 0)));
  return Buffer.concat(pieces);
}
