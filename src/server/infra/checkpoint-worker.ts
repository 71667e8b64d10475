import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { checkpoint } from './checkpointer.ts';

// The thread of the checkpointer, which gives it the path of the database, and tells it when to copy and when to end.
const database = new DatabaseSync(String(workerData));
// Normal: the log is synced before its pages are copied, and the database before the log may be written from its start again.
database.exec('pragma synchronous = normal');

parentPort?.on('message', (order: 'copy' | 'end') => {
  if (order === 'copy') {
    parentPort?.postMessage(copied());
    return;
  }
  database.close();
  parentPort?.close();
});

/** null for a disk that is full or failing: the pages stay in the log and are copied another time. */
function copied(): ReturnType<typeof checkpoint> | null {
  try {
    return checkpoint(database, 'passive');
  } catch {
    return null;
  }
}
