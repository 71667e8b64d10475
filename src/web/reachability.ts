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

/**
 * Waits until the server answers again; at once if it does as far as anybody knows.
 *
 * @throws {DOMException} `AbortError`
 */
export function untilReachable(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = subscribe(() => {
      if (isReachable) done();
    });
    const done = (error?: DOMException): void => {
      leave();
      signal.removeEventListener('abort', stop);
      window.removeEventListener('online', ask);
      if (error) reject(error);
      else resolve();
    };
    const stop = (): void => done(new DOMException('Cancelled', 'AbortError'));
    if (signal.aborted) return stop();
    if (isReachable) return done();
    signal.addEventListener('abort', stop);
    window.addEventListener('online', ask);
  });
}

async function ask(): Promise<void> {
  const answer = await fetch('/livez', { cache: 'no-store' }).catch(() => undefined);
  if (answer) noteReachable(true);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
