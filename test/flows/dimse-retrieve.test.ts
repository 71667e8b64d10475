import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { encapsulatedObject } from '../conformance/dicom-objects.ts';
import { dataFiles, dataPath, hasSharedData } from '../data.ts';
import { hasDcmtk, openTestNode, type TestNode } from '../dicom-node.ts';

const STUDY = uid(50, 1);
const COUNT = 5;

let node: TestNode;
let destination: { process: ChildProcess; folder: string; port: number };
beforeAll(async () => {
  node = await openTestNode();
  for (let index = 1; index <= COUNT; index += 1) {
    const bytes = secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.${index}`, patientId: 'R-1', seed: index });
    expect((await node.app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
  }
  if (!hasDcmtk) return;
  destination = await openDestination(join(node.folder, 'destination'));
  await registerPeer(node.app.deps, { ae_title: 'DEST', host: '127.0.0.1', port: destination.port });
});
afterAll(async () => {
  destination?.process.kill('SIGKILL');
  await node.close();
});

/** dcmtk's receiver on a free port. */
async function openDestination(folder: string): Promise<{ process: ChildProcess; folder: string; port: number }> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const process = spawn('storescp', ['-aet', 'DEST', '+xa', '-od', folder, '+B', String(port)], { stdio: 'ignore' });
  while (!(await accepts(port))) expect(process.exitCode).toBeNull();
  return { process, folder, port };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function dataSetOf(path: string): [string, DataSet] {
  const { dataSet } = parsePart10(readFileSync(path));
  return [String(dataSet['00080018']?.Value?.[0]), dataSet];
}

async function pixelsIn(folder: string): Promise<Map<string, Uint8Array | undefined>> {
  const pixels = new Map<string, Uint8Array | undefined>();
  for (const name of await readdir(folder)) {
    const { dataSet } = parsePart10(await readFile(join(folder, name)));
    pixels.set(String(dataSet['00080018']?.Value?.[0]), dataSet['7FE00010']?.bytes);
  }
  return pixels;
}

function sentPixels(): Map<string, Uint8Array | undefined> {
  return new Map(
    Array.from({ length: COUNT }, (_, index) => {
      const instance = `${STUDY}.1.${index + 1}`;
      const bytes = secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance, patientId: 'R-1', seed: index + 1 });
      return [instance, parsePart10(bytes).dataSet['7FE00010']?.bytes];
    }),
  );
}

const STUDY_KEYS = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${STUDY}`];

describe.skipIf(!hasDcmtk)('C-MOVE (needs dcmtk)', () => {
  it('sends a study to a known peer, each instance whole, and counts', async () => {
    const { code, output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'DEST', ...STUDY_KEYS]);
    expect(code, output).toBe(0);
    expect(output).toContain('Final Move Response (Success)');
    expect(await pixelsIn(destination.folder)).toEqual(sentPixels());
    expect(node.log.findLast(({ message }) => message === 'retrieval answered')?.fields).toMatchObject({ completed: COUNT, failed: 0 });
  });

  it.skipIf(!hasSharedData)('sends compressed objects on as they came (needs ../shared/data)', async () => {
    const sent = new Map(dataFiles('dicom', 'wg04', 'JPLL').map((name) => dataSetOf(dataPath('dicom', 'wg04', 'JPLL', name))));
    const stored = await node.dcmtk('storescu', [
      '-xs',
      ...dataFiles('dicom', 'wg04', 'JPLL').map((name) => dataPath('dicom', 'wg04', 'JPLL', name)),
    ]);
    expect(stored).toMatchObject({ code: 0 });
    const rows = await node.app.deps.db
      .selectFrom('instance')
      .select('study_instance_uid')
      .distinct()
      .where('transfer_syntax_uid', '=', '1.2.840.10008.1.2.4.70')
      .execute();
    const studies = rows.map(({ study_instance_uid }) => study_instance_uid).join('\\');
    await node.dcmtk('movescu', ['-S', '-aem', 'DEST', '-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${studies}`]);
    const received = new Map((await readdir(destination.folder)).map((name) => dataSetOf(join(destination.folder, name))));
    for (const [sop, dataSet] of sent) expect(received.get(sop), sop).toEqual(dataSet);
    expect(sent.size).toBeGreaterThan(5);
  });

  it('sends nothing to a title that nobody made known', async () => {
    const { output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'NOWHERE', ...STUDY_KEYS]);
    expect(output).toMatch(/MoveDestinationUnknown/);
  });

  it('says so when the destination does not answer', async () => {
    await registerPeer(node.app.deps, { ae_title: 'SILENT', host: '127.0.0.1', port: await freePort() });
    const { output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'SILENT', ...STUDY_KEYS]);
    expect(output).toMatch(/UnableToPerformSub|0xa702|Refused/i);
  });

  it('refuses a request without the unique key of its level, which would mean everything', async () => {
    const { output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'DEST', '-k', 'QueryRetrieveLevel=STUDY']);
    expect(output).toMatch(/DataSetDoesNotMatchSOPClass/);
  });

  it('succeeds with nothing when there is nothing', async () => {
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${uid(50, 99)}`];
    const { output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'DEST', ...keys]);
    expect(output).toContain('Final Move Response (Success)');
  });

  it('is refused to a peer that may not retrieve', async () => {
    await registerPeer(node.app.deps, { ae_title: 'SENDER', host: '127.0.0.1', port: 4, may_retrieve: false });
    const { output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', 'DEST', ...STUDY_KEYS], 'SENDER');
    expect(output).toMatch(/No valid Presentation Context/i);
  });
});

describe.skipIf(!hasDcmtk)('C-GET (needs dcmtk)', () => {
  it('sends a study over the same association, whatever native transfer syntax is asked for', async () => {
    for (const syntax of ['+xe', '+xi', '+xb']) {
      const folder = join(node.folder, `get${syntax}`);
      await mkdir(folder);
      const { code, output } = await node.dcmtk('getscu', ['-v', '-S', syntax, '-od', folder, ...STUDY_KEYS]);
      expect(code, output).toBe(0);
      expect(await pixelsIn(folder), syntax).toEqual(sentPixels());
    }
  });

  it('counts as failed, and names, what the peer cannot take as it is stored', async () => {
    const study = uid(50, 2);
    const part10 = encapsulatedObject([Uint8Array.of(0xff, 0xd8, 0xff, 1), Uint8Array.of(2, 3)], 2);
    const bytes = writePart10({ ...part10, dataSet: { ...part10.dataSet, '0020000D': { vr: 'UI', Value: [study] } } });
    expect((await node.app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${study}\\${STUDY}`];
    const folder = join(node.folder, 'some');
    await mkdir(folder);
    const { output } = await node.dcmtk('getscu', ['-v', '-S', '+xe', '-od', folder, ...keys]);
    expect(output).toMatch(/Completed Suboperations : 5/);
    expect(output).toMatch(/Failed Suboperations\s+: 1/);
    expect(await pixelsIn(folder)).toEqual(sentPixels());
  });
});
