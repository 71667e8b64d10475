import { Worker } from 'node:worker_threads';
import { InferenceBusy, InferenceError } from './errors.ts';
import type { FromWorker, ToWorker } from './task-protocol.ts';

/** Someone waits for an `interactive` task; it goes before every `background` one. */
export type Priority = 'interactive' | 'background';

export type TaskOptions = {
  /** `interactive` unless told. */
  priority?: Priority | undefined;
  /** Takes the task out of the queue; one that runs already is finished. */
  signal?: AbortSignal | undefined;
  /** Buffers that move to the thread instead of being copied; they are empty here afterwards. */
  transfer?: ArrayBuffer[];
};

export type ThreadPoolOptions = {
  /** A module that calls `serveTasks`. */
  url: URL;
  workers: number;
  workerData: unknown;
  /** Tasks that may wait; one more is refused. */
  maxWaiting: number;
};

export type PoolCounts = { workers: number; running: number; waiting: number };

export type ThreadPool<Request, Response> = {
  /** @throws {InferenceError} `busy`, `closed`, `crashed`, or what the task itself threw; the signal's reason if aborted while waiting */
  submit(request: Request, options?: TaskOptions): Promise<Response>;
  counts(): PoolCounts;
  /** Takes nothing more, finishes what runs and what waits, then stops the threads. */
  close(): Promise<void>;
};

type Task<Request, Response> = {
  request: Request;
  transfer: ArrayBuffer[];
  resolve(response: Response): void;
  reject(reason: unknown): void;
  dispose(): void;
};
type Slot<Request, Response> = { worker: Worker; task: Task<Request, Response> | null; cause: Error | undefined };
type State<Request, Response> = ThreadPoolOptions & {
  slots: Set<Slot<Request, Response>>;
  waiting: Record<Priority, Task<Request, Response>[]>;
  closing: PromiseWithResolvers<void> | null;
  isStopping: boolean;
};

/**
 * Threads that work off a queue: first in, first out within a priority, one task a thread. A thread starts when it is first needed. One
 * that dies fails its own task only, and the next task starts another.
 */
export function openThreadPool<Request, Response>(options: ThreadPoolOptions): ThreadPool<Request, Response> {
  const waiting = { interactive: [], background: [] };
  const state: State<Request, Response> = { ...options, slots: new Set(), waiting, closing: null, isStopping: false };
  return {
    submit: (request, taskOptions = {}) => submit(state, request, taskOptions),
    counts: () => ({ workers: state.slots.size, running: runningCount(state), waiting: waitingCount(state) }),
    close: () => close(state),
  };
}

function submit<Request, Response>(state: State<Request, Response>, request: Request, options: TaskOptions): Promise<Response> {
  const { signal } = options;
  if (state.closing) return Promise.reject(new InferenceError('closed', 'The models are being shut down'));
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (waitingCount(state) >= state.maxWaiting) return Promise.reject(new InferenceBusy(waitingCount(state)));
  const queue = state.waiting[options.priority ?? 'interactive'];
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const abort = () => {
    const place = queue.indexOf(task);
    if (place < 0) return;
    queue.splice(place, 1);
    reject(signal?.reason);
    finishClosing(state);
  };
  const dispose = () => signal?.removeEventListener('abort', abort);
  const task: Task<Request, Response> = { request, transfer: options.transfer ?? [], resolve, reject, dispose };
  signal?.addEventListener('abort', abort, { once: true });
  queue.push(task);
  startWaiting(state);
  return promise;
}

/** Gives waiting tasks to idle threads, starting threads up to the limit. */
function startWaiting<Request, Response>(state: State<Request, Response>): void {
  while (waitingCount(state) > 0) {
    const slot = [...state.slots].find(({ task }) => task === null) ?? startThread(state);
    if (!slot) return;
    const task = state.waiting.interactive.shift() ?? state.waiting.background.shift();
    if (!task) return;
    start(slot, task);
  }
  finishClosing(state);
}

function start<Request, Response>(slot: Slot<Request, Response>, task: Task<Request, Response>): void {
  task.dispose();
  try {
    slot.worker.postMessage({ request: task.request } satisfies ToWorker<Request>, task.transfer);
    slot.task = task;
  } catch (error) {
    // A buffer that was moved away before cannot be moved again.
    task.reject(error);
  }
}

function startThread<Request, Response>(state: State<Request, Response>): Slot<Request, Response> | undefined {
  if (state.slots.size >= state.workers) return undefined;
  const worker = new Worker(state.url, { workerData: state.workerData });
  const slot: Slot<Request, Response> = { worker, task: null, cause: undefined };
  state.slots.add(slot);
  worker.on('message', (message: FromWorker<Response>) => {
    const { task } = slot;
    slot.task = null;
    if ('response' in message) task?.resolve(message.response);
    else task?.reject(new InferenceError(message.error.kind, message.error.message));
    startWaiting(state);
  });
  worker.on('error', (error) => {
    slot.cause = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('exit', (code) => {
    state.slots.delete(slot);
    const why = slot.cause?.message ?? `exit code ${code}`;
    slot.task?.reject(new InferenceError('crashed', `The model's thread ended while it worked: ${why}`, { cause: slot.cause }));
    startWaiting(state);
  });
  return slot;
}

function close<Request, Response>(state: State<Request, Response>): Promise<void> {
  state.closing ??= Promise.withResolvers<void>();
  finishClosing(state);
  return state.closing.promise;
}

/** Once nothing waits or runs: tells each thread to stop, and is done when all have. Ending a thread inside a run would abort the process. */
function finishClosing<Request, Response>(state: State<Request, Response>): void {
  if (!state.closing || waitingCount(state) > 0 || runningCount(state) > 0) return;
  if (!state.isStopping) for (const { worker } of state.slots) worker.postMessage({ stop: true } satisfies ToWorker<Request>);
  state.isStopping = true;
  if (state.slots.size === 0) state.closing.resolve();
}

function waitingCount<Request, Response>({ waiting }: State<Request, Response>): number {
  return waiting.interactive.length + waiting.background.length;
}

function runningCount<Request, Response>({ slots }: State<Request, Response>): number {
  return [...slots].filter(({ task }) => task !== null).length;
}
