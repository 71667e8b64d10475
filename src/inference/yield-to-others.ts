import { constants, setPriority } from 'node:os';

/**
 * Lets other threads go before this one where both want a CPU: a model that computes must not keep the server from answering. On Linux
 * the priority is the calling thread's own; elsewhere it would be the whole process's, and nothing is done.
 */
export function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  setPriority(constants.priority.PRIORITY_LOW);
}
