import { setTimeout as delay } from 'node:timers/promises';

/** Work that is done again whenever there may be more of it. */
export type Turns = { wake(): void; close(): Promise<void> };

/**
 * Calls `work` for each wake-up, never twice at once; wake-ups during one call are one call after it.
 *
 * @param pauseMs between two calls
 */
export function openTurns(
  work: () => Promise<void>,
  { onError, pauseMs = 0 }: { onError: (error: unknown) => void; pauseMs?: number },
): Turns {
  const closing = new AbortController();
  let turn: Promise<void> | undefined;
  let again = false;
  const wake = (): void => {
    if (closing.signal.aborted) return;
    again = turn !== undefined;
    turn ??= work()
      .catch(onError)
      .then(async () => {
        if (pauseMs > 0) await delay(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      })
      .finally(() => {
        turn = undefined;
        if (again) wake();
      });
  };
  return {
    wake,
    close: async () => {
      closing.abort();
      await turn;
    },
  };
}
