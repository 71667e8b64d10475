import { setFlagsFromString } from 'node:v8';

/** The Node that knows the flag below, and does not do so by itself. */
const KNOWN_NODE = '24.';
/** Never touched, so that the system gives no memory for it. */
const BALLAST_BYTES = 134_217_728;

const held: ArrayBuffer[] = [];

/**
 * Lets the garbage collector weigh buffers together with the heap, and start its look through the whole heap later. By itself V8 does so
 * each time that some dozens of megabytes of buffers have been made, however few of them are still in use: an archive makes that many
 * several times a second, and spent more than half of its CPU time on it (storing a CT slice took 7 ms of CPU time, and 2 ms with this).
 *
 * The flag makes the limit a multiple of what is in use; what is in use includes the ballast, so that the limit is never so near that the
 * short-lived buffers between two collections of the young generation (32 MiB) reach it.
 */
export function countBuffersWithHeap(): void {
  if (!process.versions.node.startsWith(KNOWN_NODE)) return;
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  if (held.length === 0) held.push(new ArrayBuffer(BALLAST_BYTES));
}
