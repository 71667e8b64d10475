import type { Upload } from '@tus/server';
import { appendEvent } from '../events/append-event.ts';
import type { Db } from '../platform/ports.ts';

/** Tells how far a resumable upload has come (V-10); with `done`, that it went through. */
export async function tellProgress(
  { db, now }: { db: Db; now: () => Date },
  { id, offset, size }: Pick<Upload, 'id' | 'offset' | 'size'>,
  done = false,
): Promise<void> {
  const progress = done ? 100 : size ? Math.min(100, Math.floor((100 * offset) / size)) : 0;
  const data = { upload_id: id, received: offset, total: size ?? null, progress, stage: done ? 'complete' : 'upload' };
  await db.transaction().execute((tx) => appendEvent(tx, { type: 'upload_progress', at: now().toISOString(), upload_id: id, data }));
}
