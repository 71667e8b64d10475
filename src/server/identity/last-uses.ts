/** A use is written when the one that is known is older than this. */
const WRITE_AFTER_MS = 60_000;

/**
 * Writes down when things were used last, not at each use but once a minute, and without keeping the use waiting. A write that fails is
 * made again at the next use; until it succeeds the thing counts as unused, which ends a session early and never late.
 */
export type LastUses = {
  note(key: string, lastKnown: string | null, at: Date, write: () => Promise<void>): void;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

export function openLastUses(): LastUses {
  const writing = new Map<string, Promise<void>>();
  return {
    note: (key, lastKnown, at, write) => {
      if (lastKnown !== null && at.getTime() - Date.parse(lastKnown) < WRITE_AFTER_MS) return;
      if (writing.has(key)) return;
      const written = write()
        .catch(() => undefined)
        .finally(() => writing.delete(key));
      writing.set(key, written);
    },
    close: async () => {
      await Promise.all(writing.values());
    },
  };
}
