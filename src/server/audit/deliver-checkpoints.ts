import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';
import type { Db } from '../platform/ports.ts';
import { findCursor, listCheckpointsAfter, putCursor } from './repository.ts';

/** Checkpoints that a sink is told at a time. */
const BATCH = 100;

/** A place outside the database that keeps checkpoints. `deliver` throws if it did not take them; it may get one twice. */
export type CheckpointSink = { name: string; deliver(checkpoints: readonly AuditCheckpoint[]): Promise<void> };

/** Tells each sink what it has not been told yet; one that fails does not keep the others from it. @throws what the first failure was */
export async function deliverCheckpoints(db: Db, tenantId: string, sinks: readonly CheckpointSink[]): Promise<void> {
  const results = await Promise.allSettled(sinks.map((sink) => deliverTo(db, tenantId, sink)));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function deliverTo(db: Db, tenantId: string, sink: CheckpointSink): Promise<void> {
  const cursor = `checkpoints:${sink.name}`;
  for (let told = await findCursor(db, cursor); ; ) {
    const batch = await listCheckpointsAfter(db, tenantId, told, BATCH);
    const last = batch.at(-1);
    if (!last) return;
    await sink.deliver(batch);
    told = last.number;
    await db.transaction().execute((tx) => putCursor(tx, cursor, last.number));
  }
}

/** Appends each checkpoint as a line to a file, best on another machine's disk; on the disk before it counts as told. */
export function fileSink(path: string): CheckpointSink {
  return {
    name: 'file',
    deliver: async (checkpoints) => {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a', 0o640);
      try {
        await file.appendFile(checkpoints.map((checkpoint) => `${canonicalJson(checkpoint)}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** Posts each checkpoint as JSON. `post` is what guards where this server may connect to. */
export function webhookSink(url: string, post: (url: string, body: string) => Promise<{ ok: boolean; status: number }>): CheckpointSink {
  return {
    name: 'webhook',
    deliver: async (checkpoints) => {
      for (const checkpoint of checkpoints) {
        const { ok, status } = await post(url, canonicalJson(checkpoint));
        if (!ok) throw new Error(`The webhook for audit checkpoints answered ${status}`);
      }
    },
  };
}
