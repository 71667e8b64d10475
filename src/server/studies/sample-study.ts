import type { PhantomOptions } from '../../imaging/phantom.ts';
import type { PhantomFile } from '../../imaging/phantom-dicom.ts';
import { openThreadPool } from '../../inference/thread-pool.ts';
import { type StoreDeps, storeInstance } from './store-instance.ts';

/** Coarser than the phantom of measurements: it is to be looked at, and comes in seconds. mm, [z, y, x]. */
const PHANTOM: PhantomOptions = { spacingMm: [4, 1.6, 1.6] };
/** Eight megabytes are kept no longer than this. */
const HELD_MS = 60_000;

/**
 * Stores the synthetic phantom as a study to try everything on: a chest CT and a radiograph, computed from geometry and labeled synthetic
 * in every name. Doing it twice changes nothing.
 */
export async function addSampleStudy(deps: StoreDeps): Promise<{ study_instance_uid: string; instances: number }> {
  const files = await sharedFiles();
  let study_instance_uid = '';
  for (const { part10 } of files) ({ study_instance_uid } = await storeInstance(deps, once(part10)));
  return { study_instance_uid, instances: files.length };
}

let held: Promise<PhantomFile[]> | undefined;

/** Whoever asks while it is computed, or shortly after, gets the same. */
function sharedFiles(): Promise<PhantomFile[]> {
  if (held) return held;
  const forget = (): void => {
    held = undefined;
  };
  held = phantomFiles();
  held.then(() => setTimeout(forget, HELD_MS).unref(), forget);
  return held;
}

/** Computed in a thread of its own, which ends with it: an installation does it once. */
async function phantomFiles(): Promise<PhantomFile[]> {
  const pool = openThreadPool<PhantomOptions, PhantomFile[]>({
    // From the checkout Node runs the .ts file itself; a published package holds .js.
    url: new URL(import.meta.url.endsWith('.ts') ? './sample-study-worker.ts' : './sample-study-worker.js', import.meta.url),
    workers: 1,
    workerData: {},
    maxWaiting: 1,
  });
  try {
    return await pool.submit(PHANTOM, { priority: 'background' });
  } finally {
    await pool.close();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
