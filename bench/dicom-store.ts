import { fork } from 'node:child_process';
import type { Instance, Source } from './archive-files.ts';
import { seriesOf } from './archive-files.ts';
import { type LoadClient, requestBytes } from './load.ts';
import type { Archive } from './orthanc.ts';
import type { BenchRow } from './row.ts';
import { median } from './statistics.ts';
import type { StoreOrder, StoreResult } from './store-scu.ts';

export const CALLING_AE = 'BENCH';
/** Odd, so that the median is a round that was measured; the first one, which warms both up, does not count. */
const ROUNDS = 5;
const CLIENTS = 4;
const REQUESTS = 20;
const PER_REQUEST = 10;
const PER_ASSOCIATION = { four: 50, one: 100 };
const BOUNDARY = 'boundary-of-the-benchmark';

type Way = 'stow' | 'four' | 'one';
type Round = Record<Way, { ours: number; theirs: number }>;
type Batch = { way: Way; series: Instance[][] };
type Clients = { http: LoadClient; dicom: StoreClient };
/** What is stored by both when it is over, for the questions that follow: the last series of each source that came by one association. */
export type Stored = { studies: number; series: Map<Source, Instance[]> };

/** The same new instances to both archives, in turn and in changing order: by STOW-RS and over one and four associations. */
export async function compareStoring(
  [ours, theirs]: [Archive, Archive],
  sources: Source[],
  http: LoadClient,
): Promise<{ rows: BenchRow[]; stored: Stored }> {
  const dicom = openStoreClient();
  const clients = { http, dicom };
  const rounds: Round[] = [];
  const stored: Stored = { studies: 0, series: new Map() };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const source = sources[round % sources.length];
    if (!source) throw new Error('There is no source of slices');
    const seconds: Partial<Round> = {};
    for (const batch of batchesOf(source, round)) {
      const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
      const taken = new Map<Archive, number>();
      for (const archive of order) taken.set(archive, await secondsOf(clients, archive, batch));
      seconds[batch.way] = { ours: taken.get(ours) ?? Number.NaN, theirs: taken.get(theirs) ?? Number.NaN };
      stored.studies += batch.series.length;
      if (batch.way === 'one') stored.series.set(source, batch.series[0] ?? []);
    }
    // Every way has its batch.
    rounds.push(seconds as Round);
  }
  dicom.close();
  return { rows: rowsOf(rounds.slice(1), sources), stored };
}

function batchesOf(source: Source, round: number): Batch[] {
  const number = (round + 1) * 1000;
  const series = (from: number, many: number, count: number): Instance[][] =>
    Array.from({ length: many }, (_, index) => seriesOf(source, number + from + index, count));
  return [
    { way: 'stow', series: series(0, REQUESTS, PER_REQUEST) },
    { way: 'four', series: series(100, CLIENTS, PER_ASSOCIATION.four) },
    { way: 'one', series: series(200, 1, PER_ASSOCIATION.one) },
  ];
}

async function secondsOf({ http, dicom }: Clients, archive: Archive, { way, series }: Batch): Promise<number> {
  if (way !== 'stow') {
    const associations = series.map((instances) => instances.map(({ object }) => object));
    return dicom.send({ host: archive.host, port: archive.dicomPort, calledAe: archive.aeTitle, callingAe: CALLING_AE, associations });
  }
  const requests = series.map((instances) => stowRequest(archive, instances));
  const to = { host: archive.host, port: archive.httpPort };
  return (await http.send({ ...to, requests, count: requests.length, concurrency: CLIENTS })).seconds;
}

function stowRequest(archive: Archive, instances: Instance[]): Uint8Array {
  const parts = instances.flatMap(({ part10 }) => [Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`), part10, CRLF]);
  const body = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  const type = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;
  const headers = { ...archive.headers, accept: 'application/dicom+json', 'content-type': type };
  return requestBytes('POST', '/dicom-web/studies', headers, body);
}

const CRLF = Buffer.from('\r\n');

type StoreClient = { send(order: StoreOrder): Promise<number>; close(): void };

function openStoreClient(): StoreClient {
  const child = fork(new URL('./store-scu.ts', import.meta.url), { serialization: 'advanced' });
  return {
    async send(order) {
      const answer = new Promise<StoreResult>((resolve, reject) => {
        // The child sends nothing else.
        child.once('message', (message) => resolve(message as StoreResult));
        child.once('exit', (code) => reject(new Error(`The DICOM client ended with ${code}`)));
      });
      child.send(order);
      const result = await answer;
      child.removeAllListeners('exit');
      if ('problem' in result) throw new Error(`${order.calledAe}: ${result.problem}`);
      return result.seconds;
    },
    close: () => child.disconnect(),
  };
}

function rowsOf(rounds: Round[], sources: Source[]): BenchRow[] {
  const from = sources.map(({ name }) => name).join(' and ');
  const row = (way: Way, name: string, count: number, target: string): BenchRow => {
    const rate = (pick: (round: Round) => number): number => count / median(rounds.map(pick));
    return {
      name,
      value: rate((round) => round[way].ours),
      unit: '1/s',
      target,
      peer: { name: 'Orthanc', value: rate((round) => round[way].theirs) },
      ratio: median(rounds.map((round) => round[way].theirs / round[way].ours)),
      note: `instances a second; ${from}; median of ${rounds.length} rounds of ${count}, in turn on the same bytes; client of its own process`,
    };
  };
  return [
    row('stow', `STOW-RS, ${PER_REQUEST} instances a request, ${CLIENTS} clients`, REQUESTS * PER_REQUEST, '>= 1.5'),
    row('four', `C-STORE, ${CLIENTS} associations`, CLIENTS * PER_ASSOCIATION.four, '>= 1.5'),
    row('one', 'C-STORE, 1 association', PER_ASSOCIATION.one, '>= 1.2'),
  ];
}
