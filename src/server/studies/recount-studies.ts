import type { Tx } from '../platform/ports.ts';
import { listSeriesUids, recountSeries, recountStudy } from './parents-repository.ts';

/** Brings the counts of studies to what they hold, after rows have come or gone in bulk. */
export async function recountStudies(tx: Tx, studyInstanceUids: readonly string[]): Promise<void> {
  for (const uid of studyInstanceUids) {
    for (const series of await listSeriesUids(tx, uid)) await recountSeries(tx, series);
    await recountStudy(tx, uid);
  }
}
