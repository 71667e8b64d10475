/** After this long without a hand on the page, what it asks is asked by itself. */
const AWAY_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let seenAtMs = Date.now();

/** Notes when somebody is at work. Call once. */
export function watchPresence(): void {
  const note = () => {
    seenAtMs = Date.now();
  };
  for (const sign of SIGNS) window.addEventListener(sign, note, { passive: true, capture: true });
}

/** When somebody was last at work on this page, in milliseconds since 1970. */
export function seenAt(): number {
  return seenAtMs;
}

/** Takes another tab's word for it. */
export function noteSeen(atMs: number): void {
  seenAtMs = Math.max(seenAtMs, atMs);
}

/**
 * Headers that tell the server whether a person is at work: a page that follows live events by itself keeps no session awake,
 * and who has gone is signed out in time.
 */
export function presenceHeaders(): Record<string, string> {
  return Date.now() - seenAtMs > AWAY_MS ? { 'x-isocenter-background': '1' } : {};
}
