import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

const HTJ2K_LOSSLESS = '1.2.840.10008.1.2.4.201';
const EXPLICIT = '1.2.840.10008.1.2.1';
const STUDY = uid(64);
const FRAMES = 3;
const SIDE = 64;

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_STORE_TRANSFER_SYNTAX: 'htj2k-lossless' } });
});
afterAll(async () => app.close());

/** Smooth, so that it compresses, and of 12 signed bits. */
function slopes(): Uint8Array {
  const values = Int16Array.from(
    { length: FRAMES * SIDE * SIDE },
    (_, index) => ((index % SIDE) * 37 + Math.floor(index / SIDE) * 11) % 2048,
  );
  return new Uint8Array(values.map((value) => value - 1024).buffer);
}

function object(number: number, more: DataSet = {}): Uint8Array {
  return secondaryCapture({
    study: STUDY,
    series: `${STUDY}.1`,
    instance: `${STUDY}.1.${number}`,
    patientId: 'STORED-AS',
    rows: SIDE,
    columns: SIDE,
    more: {
      '00280008': { vr: 'IS', Value: [FRAMES] },
      '00280100': { vr: 'US', Value: [16] },
      '00280101': { vr: 'US', Value: [12] },
      '00280102': { vr: 'US', Value: [11] },
      '00280103': { vr: 'US', Value: [1] },
      '7FE00010': { vr: 'OW', bytes: slopes() },
      ...more,
    },
  });
}

async function store(files: readonly Uint8Array[]): Promise<number> {
  const body = files.flatMap((file) => [Buffer.from('--b\r\ncontent-type: application/dicom\r\n\r\n'), file, Buffer.from('\r\n')]);
  const response = await app.inject({
    method: 'POST',
    url: '/dicom-web/studies',
    payload: Buffer.concat([...body, Buffer.from('--b--\r\n')]),
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
  });
  return response.statusCode;
}

const rowOf = (number: number) =>
  app.deps.db.selectFrom('instance').selectAll().where('sop_instance_uid', '=', `${STUDY}.1.${number}`).executeTakeFirstOrThrow();

async function retrieved(number: number, syntax: string): Promise<Uint8Array> {
  const url = `/dicom-web/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.${number}`;
  const response = await app.inject({ url, headers: { accept: `application/dicom; transfer-syntax=${syntax}` } });
  expect(response.statusCode, response.body.slice(0, 300)).toBe(200);
  return response.rawPayload;
}

/** The same object as explicit VR little endian, as this program writes it. */
const rewritten = async (bytes: Uint8Array) => Buffer.from(await transcodeInstance(parsePart10(bytes), EXPLICIT));

describe('a study that is complete', () => {
  it('is stored as lossless HTJ2K, and given back bit for bit', async () => {
    expect(await store([object(1)])).toBe(200);
    expect((await rowOf(1)).transfer_syntax_uid).toBe(EXPLICIT);
    const { blob_size: before } = await rowOf(1);
    await app.drain();
    const { transfer_syntax_uid, blob_size } = await rowOf(1);
    expect(transfer_syntax_uid).toBe(HTJ2K_LOSSLESS);
    expect(blob_size).toBeLessThan(before);
    expect(parsePart10(await retrieved(1, '*')).transferSyntaxUid).toBe(HTJ2K_LOSSLESS);
    const given = parsePart10(await retrieved(1, EXPLICIT));
    expect(pixelFrames(given).map((frame) => Buffer.from(frame))).toEqual(
      pixelFrames(parsePart10(object(1))).map((frame) => Buffer.from(frame)),
    );
    expect((await rewritten(object(1))).equals(await rewritten(await retrieved(1, '*')))).toBe(true);
  });

  it('changes nothing the second time, and takes the file that came for held already', async () => {
    const held = await rowOf(1);
    expect(await store([object(1)])).toBe(200);
    await app.drain();
    expect(await rowOf(1)).toEqual(held);
    expect(await store([object(1, { '00104000': { vr: 'LT', Value: ['another'] } })])).toBe(409);
  });

  it('is not analyzed anew for being stored otherwise', async () => {
    const count = async () => (await app.deps.db.selectFrom('analysis').selectAll().execute()).length;
    const before = await count();
    await app.deps.db.transaction().execute((tx) => app.deps.jobs.enqueue(tx, 'analyze-study', { study_instance_uid: STUDY }, {}));
    await app.drain();
    expect(await count()).toBe(before);
  });

  it('is searched and described by what its files are now', async () => {
    const response = await app.inject({ url: `/dicom-web/studies/${STUDY}/metadata` });
    const [metadata] = response.json();
    expect(metadata['00280010'].Value).toEqual([SIDE]);
    const frames = await app.inject({
      url: `/dicom-web/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.1/frames/2`,
      headers: { accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*' },
    });
    expect(frames.headers['content-type']).toContain('multipart/related');
    expect(frames.rawPayload.includes(Buffer.from(HTJ2K_LOSSLESS))).toBe(true);
  });
});

describe('what stays as it came', () => {
  it('is an object without pixels, one that lost something, and one that grows', async () => {
    const lossy = parsePart10(
      await transcodeInstance(parsePart10(secondaryCapture({ study: STUDY, series: `${STUDY}.2` })), '1.2.840.10008.1.2.4.50', {
        derivedUid: `${STUDY}.1.2`,
      }),
    );
    const { '7FE00010': _, ...report } = parsePart10(object(3)).dataSet;
    const noise = secondaryCapture({
      study: STUDY,
      series: `${STUDY}.1`,
      instance: `${STUDY}.1.4`,
      patientId: 'STORED-AS',
      rows: 8,
      columns: 8,
    });
    const patient = { '00100020': { vr: 'LO' as const, Value: ['STORED-AS'] }, '0020000E': { vr: 'UI' as const, Value: [`${STUDY}.1`] } };
    const files = [
      writePart10({ ...lossy, dataSet: { ...lossy.dataSet, ...patient } }),
      writePart10({ dataSet: report, transferSyntaxUid: EXPLICIT }),
      noise,
    ];
    expect(await store(files)).toBe(200);
    await app.drain();
    expect((await rowOf(2)).transfer_syntax_uid).toBe('1.2.840.10008.1.2.4.50');
    for (const number of [3, 4]) expect((await rowOf(number)).transfer_syntax_uid).toBe(EXPLICIT);
  });

  it('is one whose stored bytes are damaged, for whoever mends it', async () => {
    expect(await store([object(5)])).toBe(200);
    const { blob_key } = await rowOf(5);
    await app.deps.blobs.delete(blob_key);
    await app.drain();
    expect((await rowOf(5)).blob_key).toBe(blob_key);
  });
});

it('goes to the recycle bin and comes back with the digest of what came', async () => {
  const originals = () => app.deps.db.selectFrom('original_file').selectAll().where('sop_instance_uid', '=', `${STUDY}.1.1`).execute();
  const before = await originals();
  expect(before).toHaveLength(1);
  const deleted = await app.inject({ method: 'DELETE', url: `/api/v1/studies/${STUDY}` });
  expect(deleted.statusCode, deleted.body).toBeLessThan(300);
  expect(await originals()).toEqual([]);
  const bin = await app.inject({ url: '/api/v1/recycle-bin' });
  const [entry] = bin.json().items;
  const restored = await app.inject({ method: 'POST', url: `/api/v1/recycle-bin/${entry.id}/restore` });
  expect(restored.statusCode, restored.body).toBeLessThan(300);
  expect(await originals()).toEqual(before);
});
