import { inflateRawSync } from 'node:zlib';
import { DicomError } from '../../../src/dicom/data-set.ts';
import { fromDicomJson, toDicomJson } from '../../../src/dicom/dicom-json.ts';
import { readIdentity } from '../../../src/dicom/identity.ts';
import { parseDataSet, parsePart10, readHeader } from '../../../src/dicom/parse.ts';
import { describePixels } from '../../../src/dicom/pixel-description.ts';
import { ImplicitVrLittleEndian } from '../../../src/dicom/uids.ts';
import { writePart10 } from '../../../src/dicom/write.ts';
import { readTransaction } from '../../../src/server/dimse/commitment-items.ts';
import { openMessageReader } from '../../../src/server/dimse/message-reader.ts';
import { negotiate, refusalOf } from '../../../src/server/dimse/negotiate.ts';
import { PduError, writePdu } from '../../../src/server/dimse/pdu.ts';
import { openPduDecoder } from '../../../src/server/dimse/pdu-decoder.ts';
import type { Target } from './corpus.ts';
import type { Random } from './mutate.ts';

const GRANTS = { may_store: true, may_query: true, may_retrieve: true };
const NODE = { aeTitle: 'ISOCENTER', privateClasses: new Set<string>() };
const MAX_DATA = 131_072;

/** Takes an input the way that a peer's or an uploader's bytes take. @throws what must not happen: anything but the parsers' own refusals */
export function enter(target: Target, input: Uint8Array, random: Random): void {
  try {
    if (target === 'pdu') speak(input, random);
    else if (target === 'part10') open(input);
    else readTransaction(parseDataSet(input, ImplicitVrLittleEndian));
  } catch (error) {
    if (!(error instanceof PduError || error instanceof DicomError)) throw error;
  }
}

/** As an association does: PDUs in pieces, negotiation, commands, and data sets. */
function speak(input: Uint8Array, random: Random): void {
  const decoder = openPduDecoder(MAX_DATA);
  const reader = openMessageReader({
    isContext: (id) => id % 2 === 1,
    onMessage: ({ data }) => data?.discard(),
    onTaken: () => undefined,
  });
  const size = 1 + random(2_000);
  for (let start = 0; start < input.length; start += size) {
    decoder.push(input.subarray(start, start + size));
    for (let event = decoder.next(); event; event = decoder.next()) {
      if (event.type === 'fragment') reader.take(event);
      else if (event.type === 'associate-request' && !refusalOf(event))
        writePdu({ type: 'associate-accept', ...negotiate(event, GRANTS, NODE).answer });
    }
  }
}

/** As the archive does: the header first, the whole, what it says, and back to bytes. */
function open(input: Uint8Array): void {
  const inflateRaw = (bytes: Uint8Array, maxLength: number): Uint8Array => inflate(bytes, maxLength);
  refusable(() => readHeader(input, { complete: true, inflateRaw }));
  const part10 = parsePart10(input, { inflateRaw });
  refusable(() => readIdentity(part10));
  refusable(() => describePixels(part10));
  refusable(() => fromDicomJson(toDicomJson({ ...part10.meta, ...part10.dataSet })));
  refusable(() => writePart10(part10));
}

function refusable(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
}

function inflate(bytes: Uint8Array, maxLength: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.min(maxLength, 16_777_216) });
  } catch {
    throw new DicomError('The deflated data set is damaged');
  }
}
