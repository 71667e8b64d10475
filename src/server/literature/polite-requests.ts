import type { Egress } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';

/** A service of which everybody may ask a little. */
export type PoliteOptions = {
  egress: Pick<Egress, 'fetch'>;
  /** What the service allows to each user. */
  perSecond: number;
  now: () => Date;
  /** Resolves after so many milliseconds. */
  wait: (ms: number) => Promise<void>;
};
/**
 * Asks for an address and reads the answer.
 *
 * @param read its failure (`AppError`) counts as an answer that broke off, and the request is repeated
 * @throws {AppError} `unavailable` after three tries, or at once where asking again does not help; `address-refused`
 */
export type PoliteRequest = <T>(url: URL, read: (body: string) => T | Promise<T>) => Promise<T>;

const TRIES = 3;
const FIRST_PAUSE_MS = 1_000;
/** A service that wants to be left alone for longer is not waited for. */
const LONGEST_PAUSE_MS = 15_000;
const TIMEOUT_MS = 20_000;
const MAX_BYTES = 33_554_432;

/** Requests to one service: never more often than it allows, and again, with growing pauses, where it was busy or its answer broke off. */
export function openPoliteRequests({ egress, perSecond, now, wait }: PoliteOptions): PoliteRequest {
  const intervalMs = 1_000 / perSecond;
  let nextAt = 0;
  const takeTurn = async (): Promise<void> => {
    const at = now().getTime();
    const turn = Math.max(at, nextAt);
    nextAt = turn + intervalMs;
    if (turn > at) await wait(turn - at);
  };
  return async (url, read) => {
    for (let attempt = 1; ; attempt += 1) {
      await takeTurn();
      const outcome = await attemptOnce({ egress, url, read });
      if ('value' in outcome) return outcome.value;
      const pauseMs = Math.max(outcome.pauseMs, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      if (!outcome.again || attempt === TRIES || pauseMs > LONGEST_PAUSE_MS) throw outcome.error;
      // Whoever else asks meanwhile waits as well: it is the service that is busy.
      nextAt = Math.max(nextAt, now().getTime() + pauseMs);
    }
  };
}

type Attempt<T> = { value: T } | { error: AppError; again: boolean; pauseMs: number };

async function attemptOnce<T>({
  egress,
  url,
  read,
}: {
  egress: PoliteOptions['egress'];
  url: URL;
  read: (body: string) => T | Promise<T>;
}): Promise<Attempt<T>> {
  try {
    const answer = await egress.fetch(url, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    if (answer.ok) return { value: await read(await answer.text()) };
    await answer.body?.cancel();
    const again = answer.status === 429 || answer.status >= 500;
    const error = new AppError('unavailable', `${url.host} answered with status ${answer.status}`);
    return { error, again, pauseMs: pauseOf(answer.headers.get('retry-after')) };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'address-refused') return { error, again: false, pauseMs: 0 };
    // What an answer says is shown to nobody: it could be a page of a proxy.
    const reason = error instanceof AppError ? error.message : 'its answer broke off';
    return { error: new AppError('unavailable', `${url.host}: ${reason}`, { cause: error }), again: true, pauseMs: 0 };
  }
}

/** RFC 9110, 10.2.3: seconds; a date is rare, and the growing pause does for it. */
function pauseOf(header: string | null): number {
  return /^\d{1,6}$/.test(header ?? '') ? Number(header) * 1_000 : 0;
}
