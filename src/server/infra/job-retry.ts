export const DEFAULT_MAX_ATTEMPTS = 5;
export const RETRY_FIRST_MS = 5_000;
export const RETRY_LONGEST_MS = 3_600_000;

/** A job under which the process ended this often is dead: it is what ends the process. */
export const MAX_INTERRUPTIONS = 100;
const INTERRUPTION_LONGEST_MS = 60_000;

/** The first interruption costs no wait; then a quarter of a second, twice as long each time, at most a minute. */
export function interruptionDelayMs(interruptions: number): number {
  return interruptions <= 1 ? 0 : Math.min(INTERRUPTION_LONGEST_MS, 250 * 2 ** Math.min(20, interruptions - 2));
}

/** How long to wait after a failed try: twice as long each time, of which a random half, so that many failures do not come back at once. */
export function retryDelayMs(attempt: number, random: () => number): number {
  const full = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1));
  return Math.ceil(full * (0.5 + random() / 2));
}

/** What is kept of an error: its message, never a stack, and bounded. */
export function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
