import { DicomError, textOf } from '../../dicom/data-set.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { readHeader } from '../../dicom/parse.ts';
import { parseNativeXml } from '../../dicom/parse-native-xml.ts';
import { Tag } from '../../dicom/tags.ts';
import { AppError } from '../platform/errors.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import { assembleObject, namedIn } from './assemble-object.ts';
import type { RootType } from './read-related.ts';
import type { Named, Outcome } from './store-answer.ts';
import type { StoreParts } from './store-parts.ts';

/** What is kept of a file to name it by. */
const HEAD_BYTES = 65_536;
/** Objects of one document. */
const MAX_OBJECTS = 10_000;

/** Stores a file of a request. What the file is to blame for is the outcome; anything else is thrown. */
export async function storeFile(deps: StoreDeps, content: AsyncIterable<Uint8Array>): Promise<Outcome> {
  const head: Uint8Array[] = [];
  return outcomeOf(storeInstance(deps, keepingHead(content, head)), () => namedBy(Buffer.concat(head)));
}

/** Reads past a part that is no file. */
export async function refusePart(content: AsyncIterable<Uint8Array>): Promise<Outcome> {
  for await (const _ of content);
  return { ok: false, named: {}, error: new AppError('unsupported-media-type', 'Parts are of type application/dicom') };
}

/** Stores the objects of a request in which attributes and bulk data came apart, one after the other. */
export async function storeAssembled(deps: StoreDeps, root: RootType, parts: StoreParts): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const document of parts.documents)
    for (const json of objectsOf(root, document)) {
      const storing = assembleObject(deps.blobs, json, parts).then((file) => storeFile(deps, file));
      const stored = await outcomeOf(storing, () => namedIn(json));
      outcomes.push(stored);
    }
  return outcomes;
}

async function outcomeOf(storing: Promise<Outcome | Stored>, named: () => Named): Promise<Outcome> {
  try {
    const stored = await storing;
    if ('ok' in stored) return stored;
    const { study_instance_uid, series_instance_uid, sop_instance_uid, sop_class_uid } = stored;
    const names = { sopClassUid: sop_class_uid, sopInstanceUid: sop_instance_uid, seriesInstanceUid: series_instance_uid };
    return { ok: true, named: names, study_instance_uid, sop_instance_uid };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'internal') throw error;
    return { ok: false, named: named(), error };
  }
}

type Stored = Awaited<ReturnType<typeof storeInstance>>;

/** @throws {AppError} `invalid-request` if the document is not of its type */
function objectsOf(root: RootType, document: string): DicomJson[] {
  try {
    const parsed: unknown = root === 'application/dicom+xml' ? parseNativeXml(document) : JSON.parse(document);
    const objects: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    if (objects.length > MAX_OBJECTS) throw new AppError('too-large', `A document holds at most ${MAX_OBJECTS} objects`);
    // What is inside of each is checked when it becomes a data set.
    if (objects.every((object) => typeof object === 'object' && object !== null)) return objects as DicomJson[];
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof DicomError)) throw error;
  }
  throw new AppError('invalid-request', `A part is not a document of ${root}`);
}

async function* keepingHead(content: AsyncIterable<Uint8Array>, head: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of content) {
    if (size < HEAD_BYTES) head.push(chunk);
    size += chunk.byteLength;
    yield chunk;
  }
}

function namedBy(head: Uint8Array): Named {
  try {
    const read = readHeader(head, { complete: false, inflateRaw });
    const dataSet = read.kind === 'header' ? read.part10.dataSet : {};
    const [sopClassUid, sopInstanceUid] = [textOf(dataSet, Tag.SOPClassUID), textOf(dataSet, Tag.SOPInstanceUID)];
    const seriesInstanceUid = textOf(dataSet, Tag.SeriesInstanceUID);
    return {
      ...(sopClassUid ? { sopClassUid } : {}),
      ...(sopInstanceUid ? { sopInstanceUid } : {}),
      ...(seriesInstanceUid ? { seriesInstanceUid } : {}),
    };
  } catch (error) {
    if (error instanceof DicomError) return {};
    throw error;
  }
}
