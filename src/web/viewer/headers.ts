import { retrieveInstanceMetadata, retrieveSeriesMetadata } from '../../contract/dicomweb.ts';
import { type DataSet, itemsOf, textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { call, fetchBytes } from '../api.ts';
import type { FrameReference } from './viewer-surface.ts';

type InstanceReference = Omit<FrameReference, 'frame'>;
type Json = { [tag: string]: { vr: string; BulkDataURI?: string; Value?: unknown[] } };

/** Sequences whose items hold look-up tables. */
const TABLE_SEQUENCES = [Tag.ModalityLUTSequence, Tag.VOILUTSequence];
const FLOAT_PIXELS = { [Tag.FloatPixelData]: 'OF', [Tag.DoubleFloatPixelData]: 'OD' } as const;

const headers = new Map<string, DataSet>();
const ofSeries = new Map<string, Promise<void>>();
const ofInstances = new Map<string, Promise<DataSet>>();

/**
 * The data set of an instance without pixels, with its palettes and look-up tables. The first of a series is asked for alone, so that
 * its picture does not wait for a thousand others; then all of them together.
 *
 * @throws {ApiProblem}
 */
export async function headerOf(reference: InstanceReference): Promise<DataSet> {
  const { sop_instance_uid, series_instance_uid } = reference;
  const known = headers.get(sop_instance_uid);
  if (known) return known;
  if (!ofSeries.has(series_instance_uid)) {
    const first = loadInstance(reference);
    ofSeries.set(
      series_instance_uid,
      first.then(async () => loadSeries(reference)),
    );
    ofSeries.get(series_instance_uid)?.catch(() => ofSeries.delete(series_instance_uid));
    return first;
  }
  await ofSeries.get(series_instance_uid);
  return headers.get(sop_instance_uid) ?? loadInstance(reference);
}

/** Every instance of a series that the server has told of. @throws {ApiProblem} */
export async function headersOfSeries(reference: InstanceReference): Promise<void> {
  await headerOf(reference);
  await ofSeries.get(reference.series_instance_uid);
}

/** What is known of an instance by now. */
export function knownHeader(sopInstanceUid: string): DataSet | undefined {
  return headers.get(sopInstanceUid);
}

/** At the end of a session. */
export function forgetHeaders(): void {
  for (const map of [headers, ofSeries, ofInstances]) map.clear();
}

async function loadSeries({ study_instance_uid, series_instance_uid }: InstanceReference): Promise<void> {
  // DICOM JSON (PS3.18 F.2); `fromDicomJson` checks it.
  const items = (await call(retrieveSeriesMetadata, { params: { study_instance_uid, series_instance_uid }, query: {} })) as Json[];
  for (const json of items) await readHeader(json);
}

function loadInstance({ study_instance_uid, series_instance_uid, sop_instance_uid }: InstanceReference): Promise<DataSet> {
  const pending = ofInstances.get(sop_instance_uid);
  if (pending) return pending;
  const load = async (): Promise<DataSet> => {
    const params = { study_instance_uid, series_instance_uid, sop_instance_uid };
    const [json = {}] = (await call(retrieveInstanceMetadata, { params, query: {} })) as Json[];
    return readHeader(json);
  };
  const loading = load().finally(() => ofInstances.delete(sop_instance_uid));
  ofInstances.set(sop_instance_uid, loading);
  return loading;
}

async function readHeader(json: Json): Promise<DataSet> {
  const dataSet = fromDicomJson(json);
  const uid = textOf(dataSet, Tag.SOPInstanceUID) ?? '';
  const known = headers.get(uid);
  if (known) return known;
  for (const [tag, vr] of Object.entries(FLOAT_PIXELS) as [string, 'OF' | 'OD'][]) if (json[tag]) dataSet[tag] = { vr };
  await addTables(json, dataSet);
  for (const tag of TABLE_SEQUENCES) {
    const items = json[tag]?.Value ?? [];
    // An item of a sequence is a data set of the same model.
    for (const [index, item] of itemsOf(dataSet, tag).entries()) await addTables((items[index] ?? {}) as Json, item);
  }
  headers.set(uid, dataSet);
  return dataSet;
}

/** Palettes and tables of group 0028 are binary, and come as links. */
async function addTables(json: Json, dataSet: DataSet): Promise<void> {
  for (const [tag, { vr, BulkDataURI }] of Object.entries(json)) {
    if (!tag.startsWith('0028') || BulkDataURI === undefined) continue;
    // The link is to where the server believes to be; behind a proxy only its path is right.
    const blob = await fetchBytes(new URL(BulkDataURI, location.origin).pathname);
    dataSet[tag] = { vr: vr === 'OB' ? 'OB' : 'OW', bytes: new Uint8Array(await blob.arrayBuffer()) };
  }
}
