import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet, Part10 } from '../../src/dicom/data-set.ts';
import { type DicomJson, toDicomJson } from '../../src/dicom/dicom-json.ts';
import { writeNativeXml } from '../../src/dicom/dicom-xml.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const STUDY = uid(71);
const FRAMES = 3;
const more: DataSet = {
  '00091010': { vr: 'OB', bytes: Buffer.alloc(3000, 7) },
  '00090010': { vr: 'LO', Value: ['ISOCENTER TEST'] },
  '00280008': { vr: 'IS', Value: [FRAMES] },
  '00189073': { vr: 'FD', Value: [1.5] },
  '00204000': { vr: 'LT', Value: ['Zoë, as text'] },
  '54000100': { vr: 'SQ', Value: [{ '54001010': { vr: 'OW', bytes: Buffer.alloc(2048, 5) } }] },
  '7FE00010': { vr: 'OB', bytes: Buffer.from(Array.from({ length: 16 * 16 * FRAMES }, (_, index) => index % 251)) },
};
const objectOf = (number: number): Part10 =>
  parsePart10(
    secondaryCapture({
      study: STUDY,
      series: `${STUDY}.1`,
      instance: `${STUDY}.1.${number}`,
      patientId: 'STOW-J',
      patientName: 'Doe^Zoë',
      more,
    }),
  );

type Body = { type: string; location?: string; content: Uint8Array | string };

function send(root: string, parts: Body[], headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  const pieces = parts.flatMap(({ type, location, content }) => [
    Buffer.from(`--b\r\nContent-Type: ${type}\r\n${location ? `Content-Location: ${location}\r\n` : ''}\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return app.inject({
    method: 'POST',
    url: '/dicom-web/studies',
    payload: Buffer.concat([...pieces, Buffer.from('--b--\r\n')]),
    headers: { 'content-type': `multipart/related; type="${root}"; boundary=b`, ...headers },
  });
}

/** The attributes with links for binary values, and the values as parts. */
function taken(part10: Part10): { json: DicomJson; bulk: Body[] } {
  const bulk: Body[] = [];
  const json = toDicomJson(part10.dataSet, {
    bulkDataUri: (path, length) => {
      if (length < 1000 && path !== '7FE00010') return undefined;
      const [tag, , nested] = path.split('/');
      const holder = nested ? part10.dataSet[tag ?? '']?.Value?.[0] : part10.dataSet;
      const content = (holder as DataSet)[nested ?? tag ?? '']?.bytes ?? new Uint8Array();
      const location = `http://client.example/bulk/${part10.dataSet['00080018']?.Value?.[0]}/${path}`;
      bulk.push({ type: 'application/octet-stream', location, content });
      return location;
    },
  });
  return { json, bulk };
}

async function stored(number: number): Promise<Part10> {
  const url = `/dicom-web/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.${number}`;
  const response = await app.inject({ url, headers: { accept: 'application/dicom; transfer-syntax=*' } });
  expect(response.statusCode, response.body).toBe(200);
  return parsePart10(response.rawPayload);
}

const withoutCharacterSet = ({ dataSet: { '00080005': _, ...rest } }: Part10): DataSet => rest;

describe('attributes with bulk data beside them', () => {
  it('become files, from DICOM JSON with several objects, wherever their bulk data stand in the request', async () => {
    const [first, second] = [taken(objectOf(1)), taken(objectOf(2))];
    const document = { type: 'application/dicom+json', content: JSON.stringify([first.json, second.json]) };
    const response = await send('application/dicom+json', [...first.bulk, document, ...second.bulk]);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()['00081199'].Value).toHaveLength(2);
    for (const number of [1, 2]) {
      const file = await stored(number);
      expect(file.transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
      expect(withoutCharacterSet(file)).toEqual(withoutCharacterSet(objectOf(number)));
    }
  });

  it('become files from XML, and the answer is XML for who asks for it', async () => {
    const { json, bulk } = taken(objectOf(3));
    const document = { type: 'application/dicom+xml', content: writeNativeXml(json) };
    const response = await send('application/dicom+xml', [document, ...bulk], { accept: 'application/dicom+xml' });
    expect(response.statusCode, response.body).toBe(200);
    expect(response.headers['content-type']).toContain('application/dicom+xml');
    expect(response.body).toContain(`>${STUDY}.1.3<`);
    expect(withoutCharacterSet(await stored(3))).toEqual(withoutCharacterSet(objectOf(3)));
  });

  it.each([
    ['image/jls', '1.2.840.10008.1.2.4.80', ''],
    ['image/jphc', '1.2.840.10008.1.2.4.202', '; transfer-syntax=1.2.840.10008.1.2.4.202'],
    ['application/octet-stream', '1.2.840.10008.1.2.5', '; transfer-syntax=1.2.840.10008.1.2.5'],
  ])('hold compressed frames as parts of %s', async (type, syntax, parameter) => {
    const number = 10 + syntax.length;
    const compressed = parsePart10(await transcodeInstance(objectOf(number), syntax));
    const { json, bulk } = taken(objectOf(number));
    const link = json['7FE00010']?.BulkDataURI ?? '';
    const described = { ...json, '00280004': { vr: 'CS' as const, Value: ['MONOCHROME2'] } };
    const frames = pixelFrames(compressed).map((content) => ({ type: `${type}${parameter}`, location: link, content }));
    const document = { type: 'application/dicom+json', content: JSON.stringify([described]) };
    const others = bulk.filter(({ location }) => location !== link);
    const response = await send('application/dicom+json', [document, ...others, ...frames]);
    expect(response.statusCode, response.body).toBe(200);
    const file = await stored(number);
    expect(file.transferSyntaxUid).toBe(syntax);
    // Fragments are of even length.
    const even = (frame: Uint8Array) => Buffer.concat([frame, Buffer.alloc(frame.length % 2)]);
    expect(pixelFrames(file).map((frame) => Buffer.from(frame))).toEqual(pixelFrames(compressed).map(even));
  });

  it('leave nothing behind in the store but the files', async () => {
    const { json, bulk } = taken(objectOf(40));
    await send('application/dicom+json', [{ type: 'application/dicom+json', content: JSON.stringify([json]) }, ...bulk]);
    const { blob_key } = await app.deps.db
      .selectFrom('instance')
      .select('blob_key')
      .where('sop_instance_uid', '=', `${STUDY}.1.40`)
      .executeTakeFirstOrThrow();
    expect(await app.deps.blobs.has(blob_key)).toBe(true);
    const named = await app.deps.db.selectFrom('instance').select('blob_key').execute();
    const keys: string[] = [];
    for await (const { key } of app.deps.blobs.list()) keys.push(key);
    expect(keys.sort()).toEqual([...new Set(named.map((row) => row.blob_key))].sort());
  });
});

it('takes text and numbers as bulk data', async () => {
  const { json, bulk } = taken(objectOf(50));
  const linked: DicomJson = {
    ...json,
    '00204000': { vr: 'LT', BulkDataURI: '../text' },
    '00189073': { vr: 'FD', BulkDataURI: '../number' },
  };
  const document = { type: 'application/dicom+json', content: JSON.stringify([linked]) };
  const type = 'application/octet-stream';
  const text = { type, location: '../text', content: 'Zoë, as text' };
  const number = { type, location: '../number', content: new Uint8Array(new Float64Array([1.5]).buffer) };
  const response = await send('application/dicom+json', [document, text, number, ...bulk]);
  expect(response.statusCode, response.body).toBe(200);
  expect(withoutCharacterSet(await stored(50))).toEqual(withoutCharacterSet(objectOf(50)));
});

describe('what is refused', () => {
  it('is an object whose bulk data are not there, by name, while the others are stored', async () => {
    const [whole, part] = [taken(objectOf(20)), taken(objectOf(21))];
    const document = { type: 'application/dicom+json', content: JSON.stringify([whole.json, part.json]) };
    const response = await send('application/dicom+json', [document, ...whole.bulk]);
    expect(response.statusCode).toBe(202);
    const [failure] = response.json()['00081198'].Value;
    expect([failure['00081155'].Value[0], failure['00081197'].Value[0]]).toEqual([`${STUDY}.1.21`, 0xc000]);
  });

  it('is a document that is none, pixels in fewer parts than frames, and parts of another kind', async () => {
    const json = { type: 'application/dicom+json', content: '[{' };
    expect((await send('application/dicom+json', [json])).statusCode).toBe(400);
    expect((await send('application/dicom+xml', [{ type: 'application/dicom+xml', content: '<!DOCTYPE a><a/>' }])).statusCode).toBe(400);
    const bomb = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><NativeDicomModel>&e;</NativeDicomModel>';
    expect((await send('application/dicom+xml', [{ type: 'application/dicom+xml', content: bomb }])).statusCode).toBe(400);
    expect((await send('application/dicom+json', [{ type: 'text/plain', content: 'x' }])).statusCode).toBe(415);
    const { json: attributes, bulk } = taken(objectOf(22));
    const link = attributes['7FE00010']?.BulkDataURI ?? '';
    const frame = { type: 'image/jls', location: link, content: new Uint8Array(10) };
    const document = { type: 'application/dicom+json', content: JSON.stringify([attributes]) };
    const short = await send('application/dicom+json', [document, ...bulk.filter(({ location }) => location !== link), frame]);
    expect(short.statusCode).toBe(409);
  });

  it('is a link that leads out of the request, wherever it leads', async () => {
    const { json, bulk } = taken(objectOf(60));
    for (const uri of ['file:///etc/passwd', '/etc/passwd', '../../secret', 'http://127.0.0.1:1/inner', '', '__proto__']) {
      const lying: DicomJson = { ...json, '00091010': { vr: 'OB', BulkDataURI: uri } };
      const document = { type: 'application/dicom+json', content: JSON.stringify([lying]) };
      const response = await send('application/dicom+json', [document, ...bulk]);
      expect(response.statusCode, uri).toBe(409);
      expect(response.json()['00081198'].Value[0]['00081155'].Value).toEqual([`${STUDY}.1.60`]);
    }
  });

  it('is what nests without end', async () => {
    const nested = (depth: number) => `${'{"00081140":{"vr":"SQ","Value":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
    for (const content of [nested(100), nested(20_000), '['.repeat(100_000) + ']'.repeat(100_000)])
      expect((await send('application/dicom+json', [{ type: 'application/dicom+json', content }])).statusCode).toBe(409);
    const xml = `<NativeDicomModel>${'<DicomAttribute tag="00081140" vr="SQ"><Item number="1">'.repeat(20_000)}`;
    expect((await send('application/dicom+xml', [{ type: 'application/dicom+xml', content: xml }])).statusCode).toBe(400);
  });

  it('is more than fits: attributes beyond 64 MiB', async () => {
    const content = Buffer.alloc(67_108_865, ' ');
    expect((await send('application/dicom+json', [{ type: 'application/dicom+json', content }])).statusCode).toBe(413);
  });
});
