export const DEFAULT_MAX_ATTEMPTS = 5;
export const RETRY_FIRST_MS = 5_000;
export const RETRY_LONGEST_MS = 3_600_000;

/** How long to wait after a failed try: twice as long each time, of which a random half, so that many failures do not come back at once. */
export function retryDelayMs(attempt: number, random: () => number): number {
  const full = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1));
  return Math.ceil(full * (0.5 + random() / 2));
}

/** What is kept of an error: its message, never a stack, and bounded. */
export function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
