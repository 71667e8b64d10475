import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataSet, type Part10, textOf } from '../../src/dicom/data-set.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { decodeStoredFrame } from '../../src/imaging/decode.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { hasDcmtk, openTestNode, type TestNode } from '../dicom-node.ts';

const STUDY = uid(61, 1);
/** Syntaxes that the objects are stored in. */
const STORED = ['.1', '.5', '.4.70', '.4.80', '.4.90', '.4.201'].map((tail) => `1.2.840.10008.1.2${tail}`);
const FRAMES = 3;

const pixels = Int16Array.from({ length: 20 * 16 * FRAMES }, (_, index) => ((index * 29) % 4096) - 2048);
const more: DataSet = {
  '00280008': { vr: 'IS', Value: [FRAMES] },
  '00280100': { vr: 'US', Value: [16] },
  '00280101': { vr: 'US', Value: [12] },
  '00280102': { vr: 'US', Value: [11] },
  '00280103': { vr: 'US', Value: [1] },
  '7FE00010': { vr: 'OW', bytes: new Uint8Array(pixels.buffer) },
};
const instanceUid = (index: number): string => `${STUDY}.1.${index + 1}`;

let node: TestNode;
beforeAll(async () => {
  node = await openTestNode();
  for (const [index, syntax] of STORED.entries()) {
    const native = secondaryCapture({
      study: STUDY,
      series: `${STUDY}.1`,
      instance: instanceUid(index),
      patientId: 'T-1',
      rows: 16,
      columns: 20,
      more,
    });
    const bytes = await transcodeInstance(parsePart10(native), syntax);
    expect((await node.app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
  }
});
afterAll(async () => node.close());

/** What is in a folder, by SOP Instance UID: syntax and stored values. */
async function receivedIn(folder: string): Promise<Map<string, { syntax: string; values: number[] }>> {
  const received = new Map<string, { syntax: string; values: number[] }>();
  for (const name of await readdir(folder)) {
    const part10: Part10 = parsePart10(await readFile(join(folder, name)));
    const description = describePixels(part10) ?? expect.fail('no pixels');
    const values: number[] = [];
    for (const frame of pixelFrames(part10)) values.push(...(await decodeStoredFrame(description, frame)).pixels);
    received.set(textOf(part10.dataSet, Tag.SOPInstanceUID) ?? '', { syntax: part10.transferSyntaxUid, values });
  }
  return received;
}

const KEYS = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${STUDY}`];

describe.skipIf(!hasDcmtk)('a peer that does not take the stored transfer syntax (needs dcmtk)', () => {
  it.each([
    ['+xi', ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1']],
    ['+xe', ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2']],
    ['+xb', ['1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2']],
  ])('gets every object with the same values by C-GET with getscu %s', async (option, syntaxes) => {
    const folder = join(node.folder, `get${option}`);
    await mkdir(folder);
    const { code, output } = await node.dcmtk('getscu', ['-v', '-S', option, '-od', folder, ...KEYS]);
    expect(code, output).toBe(0);
    const received = await receivedIn(folder);
    for (const index of STORED.keys()) {
      expect(received.get(instanceUid(index))?.values).toEqual([...pixels]);
      expect(syntaxes).toContain(received.get(instanceUid(index))?.syntax);
    }
  });

  it.each([
    ['+xi', '1.2.840.10008.1.2'],
    ['+xt', '1.2.840.10008.1.2.4.80'],
    ['+xr', '1.2.840.10008.1.2.5'],
  ])('gets every object with the same values by C-MOVE to storescp %s, as stored where it takes that', async (option, kept) => {
    const folder = join(node.folder, `move${option}`);
    const destination = await openDestination(folder, option);
    const title = `DEST${option.slice(1).toUpperCase()}`;
    await registerPeer(node.app.deps, { ae_title: title, host: '127.0.0.1', port: destination.port });
    const { code, output } = await node.dcmtk('movescu', ['-v', '-S', '-aem', title, ...KEYS]);
    destination.process.kill('SIGKILL');
    expect(code, output).toBe(0);
    const received = await receivedIn(folder);
    expect(received.size).toBe(STORED.length);
    for (const [index, stored] of STORED.entries()) {
      const { syntax, values } = received.get(instanceUid(index)) ?? {};
      expect(values).toEqual([...pixels]);
      if (stored === kept) expect(syntax).toBe(stored);
      else expect(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2']).toContain(syntax);
    }
  });
});

/** dcmtk's receiver on a free port, with an option that says what it accepts. */
async function openDestination(folder: string, option: string): Promise<{ process: ChildProcess; port: number }> {
  await mkdir(folder, { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const port = typeof address === 'object' && address ? address.port : 0;
  const process = spawn('storescp', ['-aet', 'DEST', option, '-od', folder, '+B', String(port)], { stdio: 'ignore' });
  while (!(await accepts(port))) expect(process.exitCode).toBeNull();
  return { process, port };
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
