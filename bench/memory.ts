import { once } from 'node:events';
import { request as openRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { multipart } from '../test/app.ts';
import { type ServerProcess, signInTo, startServer } from '../test/server.ts';
import { ctSlice } from './ct-slices.ts';
import { openPictures } from './pictures.ts';
import { forgetPeak, memoryOf } from './process-figures.ts';
import type { BenchRow } from './row.ts';
import { type ZipEntry, zipLength, zipStream } from './zip-stream.ts';

const SETTLE_MS = 10_000;
const POLL_MS = 200;
const SIDE = 512;
/** 2 GiB of slices of 512 KiB each. */
const SLICES = 4096;
const BOUNDARY = 'boundary-of-the-benchmark';

type Session = { authorization: string };
type Archive = { length: number; content: () => AsyncIterable<Uint8Array> };

/** Resident memory of a real server: idle, after an analysis, and its peak while 2 GiB come in. */
export async function benchMemory(): Promise<BenchRow[]> {
  return [...(await measureIdle()), await measureUpload('multipart', sendMultipart), await measureUpload('tus', sendResumable)];
}

async function measureIdle(): Promise<BenchRow[]> {
  const { jpegs, modelsDir, close } = await openPictures(1);
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off', ISOCENTER_STUDY_QUIET_MS: '0', ISOCENTER_MODELS_DIR: modelsDir });
  try {
    await delay(SETTLE_MS);
    const fresh = memoryOf(pidOf(server)).now;
    const session = await signInTo(server);
    const { payload, headers } = multipart([{ name: 'radiograph.jpeg', bytes: jpegs[0] ?? new Uint8Array() }], {
      modality: 'DX',
      body_part: 'CHEST',
    });
    const stored = await fetch(`${server.url}/api/v1/images/upload`, {
      method: 'POST',
      headers: { ...session, ...headers },
      body: new Uint8Array(payload),
    });
    await requireOk(stored);
    await untilAnalyzed(server, session);
    await delay(SETTLE_MS);
    return [
      { name: 'RSS of a fresh server', value: fresh, unit: 'MB', target: '< 200', note: `${SETTLE_MS / 1000} s after the start` },
      {
        name: 'RSS after one analysis',
        value: memoryOf(pidOf(server)).now,
        unit: 'MB',
        note: `a signed-in user, a picture stored and analyzed, then idle for ${SETTLE_MS / 1000} s`,
      },
    ];
  } finally {
    await server.stop();
    await close();
  }
}

async function measureUpload(
  door: string,
  send: (server: ServerProcess, session: Session, archive: Archive) => Promise<number>,
): Promise<BenchRow> {
  // Quiet for long: the analysis of 4096 slices is not what is measured.
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off', ISOCENTER_STUDY_QUIET_MS: '3600000' });
  try {
    const session = await signInTo(server);
    const archive = openArchive();
    forgetPeak(pidOf(server));
    const from = performance.now();
    const stored = await send(server, session, archive);
    const seconds = (performance.now() - from) / 1000;
    if (stored !== SLICES) throw new Error(`${stored} of ${SLICES} slices were stored`);
    return {
      name: `peak RSS while 2 GiB come in by ${door}`,
      value: memoryOf(pidOf(server)).peak,
      unit: 'MB',
      target: '< 300',
      note: `one ZIP of ${SLICES} distinct CT slices, made while it is sent; all stored after ${seconds.toFixed(0)} s, ${(archive.length / 1e6 / seconds).toFixed(0)} MB/s`,
    };
  } finally {
    await server.stop();
  }
}

/** Every slice is the same bytes but for its SOP Instance UID and the first of its pixels, so that none of them is held already. */
function openArchive(): Archive {
  const template = Buffer.from(ctSlice({ study: 1, instance: 100_000, side: SIDE }));
  // The builder counts from one.
  const uid = Buffer.from('2.25.2.2.100001');
  const places: number[] = [];
  for (let at = template.indexOf(uid); at >= 0; at = template.indexOf(uid, at + 1)) places.push(at);
  const names = (index: number): string => `${String(index).padStart(8, '0')}.dcm`;
  function* entries(): Generator<ZipEntry> {
    for (let index = 0; index < SLICES; index += 1) {
      const bytes = Buffer.from(template);
      for (const place of places) bytes.write(String(100_001 + index), place + uid.length - 6, 'latin1');
      bytes.writeUInt32LE(index, bytes.length - 4);
      yield { name: names(index), bytes };
    }
  }
  return { length: zipLength(SLICES, names(0).length, template.length), content: () => zipStream(entries()) };
}

async function sendMultipart(server: ServerProcess, session: Session, archive: Archive): Promise<number> {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="study.zip"\r\ncontent-type: application/zip\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head);
    yield* archive.content();
    yield Buffer.from(tail);
  }
  const { json } = await stream(`${server.url}/api/v1/studies`, 'POST', body(), {
    ...session,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': String(head.length + archive.length + tail.length),
  });
  return json().stored;
}

async function sendResumable(server: ServerProcess, session: Session, archive: Archive): Promise<number> {
  const tus = { ...session, 'tus-resumable': '1.0.0' };
  const created = await fetch(`${server.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': String(archive.length), 'upload-metadata': `filename ${btoa('study.zip')}` },
  });
  await requireOk(created);
  const place = new URL(created.headers.get('location') ?? '', server.url).href;
  await stream(place, 'PATCH', archive.content(), {
    ...tus,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
    'content-length': String(archive.length),
  });
  const result = await fetch(`${place}/result`, { headers: session });
  await requireOk(result);
  // The declared answer of the endpoint.
  return ((await result.json()) as { stored: number }).stored;
}

/** Sends a body as it grows, held back by the server. */
async function stream(
  url: string,
  method: string,
  body: AsyncIterable<Uint8Array>,
  headers: Record<string, string>,
): Promise<{ json: () => { stored: number } }> {
  const request = openRequest(url, { method, headers });
  const answered = once(request, 'response');
  await pipeline(Readable.from(body, { objectMode: false }), request);
  const [response] = await answered;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (response.statusCode < 200 || response.statusCode >= 300)
    throw new Error(`${method} ${url}: ${response.statusCode} ${text.slice(0, 500)}`);
  return { json: () => JSON.parse(text) };
}

async function untilAnalyzed(server: ServerProcess, session: Session): Promise<void> {
  for (;;) {
    const response = await fetch(`${server.url}/api/v1/studies`, { headers: session });
    // The declared answer of the endpoint.
    const { items } = (await response.json()) as { items: { analysis_status: string }[] };
    const status = items[0]?.analysis_status ?? 'none';
    if (!['none', 'queued', 'running'].includes(status)) return;
    await delay(POLL_MS);
  }
}

async function requireOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}

function pidOf({ process: { pid } }: ServerProcess): number {
  if (pid === undefined) throw new Error('The server has not started');
  return pid;
}
