import { createHash } from 'node:crypto';
import type { Db, Tx } from '../platform/ports.ts';
import { listSeriesInstances } from './queries.ts';

/** The series in which a study's measurement reports stand, the same wherever it is computed. */
export function measurementSeriesUid(studyInstanceUid: string): string {
  return uidOf('series', studyInstanceUid);
}

/**
 * The report that comes after `predecessor`. There is one UID for it only, so of two who save at once, having read the same, the
 * second finds it taken: nobody's measurements are lost, and no lock is held.
 */
export function nextReportUid(studyInstanceUid: string, predecessor: string | null): string {
  return uidOf('report', studyInstanceUid, predecessor ?? '');
}

/** The present report of a study: the last of the chain that begins with the study; null if there is none. */
export async function findPresentReport(db: Db | Tx, studyInstanceUid: string): Promise<string | null> {
  const held = await listSeriesInstances(db, measurementSeriesUid(studyInstanceUid));
  let present: string | null = null;
  for (let next = nextReportUid(studyInstanceUid, null); held.delete(next); next = nextReportUid(studyInstanceUid, next)) present = next;
  return present;
}

/** A UID from words: 128 bits of their hash under 2.25 (PS3.5 B.2). */
function uidOf(...parts: string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(['measurements', ...parts]))
    .digest('hex');
  return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}
