import { TOPICS } from './topics.ts';

// The process of one topic: what it measures is not disturbed by what another one left in memory.
const rows = await TOPICS[process.argv[2] ?? '']?.();
process.send?.(rows ?? []);
process.disconnect?.();
