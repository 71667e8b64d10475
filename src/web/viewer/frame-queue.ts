/** Requests that are under way at a time: what browsers allow one server over HTTP/1.1. */
const PARALLEL = 6;

type Request<T> = {
  key: string;
  priority: number;
  load: (signal: AbortSignal) => Promise<T>;
  controller: AbortController;
  isRunning: boolean;
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
};

export type FrameQueue<T> = {
  /** Loads under a key, once at a time; the smallest priority goes first. @throws `AbortError` when nobody wants it any more */
  load(key: string, priority: number, load: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Names all that `owner` still wants; what no owner wants is cancelled. */
  keep(owner: string, keys: ReadonlySet<string>): void;
  /** An owner that wants nothing more. */
  leave(owner: string): void;
  /** Nobody wants anything more: what is under way is cancelled. */
  clear(): void;
};

/** A queue in which what is looked at goes before what may be looked at next. */
export function createFrameQueue<T>(parallel = PARALLEL): FrameQueue<T> {
  const requests = new Map<string, Request<T>>();
  const wanted = new Map<string, ReadonlySet<string>>();

  const startNext = (): void => {
    const running = [...requests.values()].filter(({ isRunning }) => isRunning).length;
    const waiting = [...requests.values()].filter(({ isRunning }) => !isRunning).sort((a, b) => a.priority - b.priority);
    for (const request of waiting.slice(0, Math.max(0, parallel - running))) void run(request);
  };
  const run = async (request: Request<T>): Promise<void> => {
    request.isRunning = true;
    try {
      request.resolve(await request.load(request.controller.signal));
    } catch (error) {
      request.reject(error);
    } finally {
      if (requests.get(request.key) === request) requests.delete(request.key);
      startNext();
    }
  };
  const cancelUnwanted = (): void => {
    const sets = [...wanted.values()];
    for (const request of [...requests.values()]) {
      if (sets.some((keys) => keys.has(request.key))) continue;
      requests.delete(request.key);
      request.controller.abort();
      request.reject(new DOMException('Not wanted any more', 'AbortError'));
    }
    startNext();
  };

  return {
    load: (key, priority, load) => {
      const pending = requests.get(key);
      if (pending) {
        pending.priority = Math.min(pending.priority, priority);
        return pending.promise;
      }
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      // Whoever asked hears of it; nobody else needs to.
      promise.catch(() => {});
      requests.set(key, { key, priority, load, controller: new AbortController(), isRunning: false, promise, resolve, reject });
      // After this turn, so that a batch is put in order before its first starts.
      queueMicrotask(startNext);
      return promise;
    },
    keep: (owner, keys) => {
      wanted.set(owner, keys);
      cancelUnwanted();
    },
    leave: (owner) => {
      wanted.delete(owner);
      cancelUnwanted();
    },
    clear: () => {
      wanted.clear();
      cancelUnwanted();
    },
  };
}

/** Whether a load ended because nobody wanted it any more. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
