import { useSyncExternalStore } from 'react';

/** Without an answer it is asked again this often. */
const ASK_EVERY_MS = 4_000;

let isReachable = true;
let asking: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Notes whether the last call got an answer; `api.ts` says so after each. */
export function noteReachable(reachable: boolean): void {
  if (reachable === isReachable) return;
  isReachable = reachable;
  clearInterval(asking);
  if (!reachable) asking = setInterval(() => void ask(), ASK_EVERY_MS);
  for (const listener of listeners) listener();
}

/** Whether the server answers, as far as anybody asked. */
export function useIsReachable(): boolean {
  return useSyncExternalStore(subscribe, () => isReachable);
}

async function ask(): Promise<void> {
  const answer = await fetch('/livez', { cache: 'no-store' }).catch(() => undefined);
  if (answer) noteReachable(true);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
