/** Content that was read lately, in the clear and in memory alone. */
export type ContentCache = {
  /** What is given must not be written to: others are given the same. */
  find(name: string): Uint8Array | undefined;
  /** Takes the place of what was used longest ago. */
  keep(name: string, content: Uint8Array): void;
  forget(name: string): void;
  /** Largest content that is kept, in bytes. */
  readonly largest: number;
};

/** Unused for so long, content is let go, so that nothing of a patient stays in memory for the night. */
const KEPT_MS = 600_000;
/** One object does not take the place of more than so many others. */
const SHARE_OF_ONE = 8;

/** @param maxBytes of all content together; 0 keeps nothing */
export function openContentCache(maxBytes: number, now: () => number = () => performance.now()): ContentCache {
  // A map keeps the order in which its entries were put: the first was used longest ago.
  const held = new Map<string, { content: Uint8Array; usedAt: number }>();
  let bytes = 0;
  let isWatched = false;

  const forget = (name: string): void => {
    bytes -= held.get(name)?.content.byteLength ?? 0;
    held.delete(name);
  };
  const letGo = (): void => {
    const until = now() - KEPT_MS;
    for (const [name, { usedAt }] of held) if (usedAt <= until) forget(name);
    isWatched = false;
    watch();
  };
  const watch = (): void => {
    if (isWatched || held.size === 0) return;
    isWatched = true;
    setTimeout(letGo, KEPT_MS / 4).unref();
  };

  return {
    largest: Math.floor(maxBytes / SHARE_OF_ONE),
    find: (name) => {
      const found = held.get(name);
      if (!found) return undefined;
      const content = found.usedAt > now() - KEPT_MS ? found.content : undefined;
      held.delete(name);
      if (content) held.set(name, { content, usedAt: now() });
      else bytes -= found.content.byteLength;
      return content;
    },
    keep: (name, content) => {
      forget(name);
      if (content.byteLength > maxBytes / SHARE_OF_ONE) return;
      held.set(name, { content, usedAt: now() });
      bytes += content.byteLength;
      for (const [oldest] of held) {
        if (bytes <= maxBytes) break;
        forget(oldest);
      }
      watch();
    },
    forget,
  };
}
