import { signInTo, startServer } from '../test/server.ts';
import { openSources } from './archive-files.ts';
import { compareReading } from './dicom-read.ts';
import { CALLING_AE, compareStoring } from './dicom-store.ts';
import { addressOf, openLoadClient } from './load.ts';
import { type Archive, orthancVersion, startOrthanc } from './orthanc.ts';
import { memoryOf } from './process-figures.ts';
import type { BenchRow } from './row.ts';

/**
 * Isocenter against Orthanc: both as processes of their own on the loopback device, with users, on folders of the same disk; the same
 * client sends the same bytes to both in turn. Isocenter syncs each object and its rows before it says that they are stored, hashes,
 * audits and checks the rights of each request.
 *
 * @throws {Error} without Debian's packages `orthanc` and `orthanc-dicomweb`
 */
export async function benchDicom(): Promise<BenchRow[]> {
  const version = orthancVersion();
  if (version === undefined) throw new Error('This topic needs Orthanc: apt-get install orthanc orthanc-dicomweb');
  const ours = await startIsocenter();
  const theirs = await startOrthanc();
  const http = openLoadClient();
  try {
    const pair: [Archive, Archive] = [ours, theirs];
    const { rows, stored } = await compareStoring(pair, openSources(), http);
    const read = await compareReading(pair, stored, http);
    return [...rows, ...read, memoryRow(ours, theirs)].map((row) => named(row, version));
  } finally {
    http.close();
    await theirs.stop();
    await ours.stop();
  }
}

async function startIsocenter(): Promise<Archive> {
  // Nothing is analyzed: that is not what is compared.
  const server = await startServer({ ISOCENTER_STUDY_QUIET_MS: '3600000' });
  const headers = await signInTo(server);
  const peer = await fetch(`${server.url}/api/v1/peers`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ ae_title: CALLING_AE, host: '127.0.0.1', port: 104 }),
  });
  const dicomPort = /are taken on \S+:(\d+)/.exec(server.output())?.[1];
  if (!peer.ok || dicomPort === undefined || server.process.pid === undefined) throw new Error('Isocenter takes no associations');
  const { host, port } = addressOf(server.url);
  const address = { host, httpPort: port, dicomPort: Number(dicomPort) };
  return { name: 'Isocenter', pid: server.process.pid, ...address, aeTitle: 'ISOCENTER', headers, stop: () => server.stop() };
}

function memoryRow(ours: Archive, theirs: Archive): BenchRow {
  const [mine, peers] = [memoryOf(ours.pid).now, memoryOf(theirs.pid).now];
  return {
    name: 'RSS after all of it',
    value: mine,
    unit: 'MB',
    target: '>= 2',
    peer: { name: 'Orthanc', value: peers },
    ratio: peers / mine,
    note: "Orthanc's over ours",
  };
}

function named(row: BenchRow, version: string): BenchRow {
  return row.peer?.name === 'Orthanc' ? { ...row, peer: { ...row.peer, name: `Orthanc ${version}` } } : row;
}
