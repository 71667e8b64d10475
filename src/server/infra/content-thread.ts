import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ContentAnswer, ContentOrder } from './content-worker.ts';
import type { NewFile, WrittenContent, WrittenFile } from './content-writer.ts';
import type { Slabs } from './slabs.ts';

/** Pieces of one content that are under way to the thread before the source is held back. */
const MAX_AHEAD = 4;
/** A thread that had nothing to do for this long ends, so that an idle server is small. */
const IDLE_MS = 30_000;

/** One write in a thread. */
export type ThreadWrite = {
  /** Hands a piece over, whose slab it gives back in time; what comes after a failure is dropped. */
  send(slab: Uint8Array, piece: { length: number; isLast: boolean }): void;
  /** Resolves when there is room for one more piece; false if the write has failed. */
  room(): Promise<boolean>;
  /** Has the thread give up. */
  abort(): void;
  /** Of what fails no file stays. */
  written: Promise<WrittenFile>;
};

/** A thread that writes content to files. */
export type ContentThread = {
  /** Tasks under way. */
  busy(): number;
  begin(file: NewFile): ThreadWrite;
  /** Waits for what is under way. */
  close(): Promise<void>;
};

/** `given`: slabs that the thread has, in their order. */
type Task = { given: Uint8Array[]; wake: () => void; end: PromiseWithResolvers<Answered>; isOver: boolean };
type Answered = Exclude<ContentAnswer, { taken: true } | { problem: unknown }>;
type Thread = {
  worker: Worker;
  slabs: Slabs;
  tasks: Map<number, Task>;
  count: number;
  idle: NodeJS.Timeout | undefined;
  isEnded: boolean;
};

/** @param onEnd it takes nothing more */
export function openContentThread(slabs: Slabs, onEnd: () => void): ContentThread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./content-worker.${extension}`, import.meta.url));
  const thread: Thread = { worker, slabs, tasks: new Map(), count: 0, idle: undefined, isEnded: false };
  const end = (): void => {
    thread.isEnded = true;
    onEnd();
  };
  const rest = (): void => {
    worker.unref();
    clearTimeout(thread.idle);
    thread.idle = setTimeout(() => {
      end();
      void worker.terminate();
    }, IDLE_MS).unref();
  };
  worker.on('message', (answer: ContentAnswer) => {
    take(thread, answer);
    if (!('taken' in answer) && thread.tasks.size === 0) rest();
  });
  // What it was is told by 'exit', which follows.
  worker.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      clearTimeout(thread.idle);
      end();
      for (const id of [...thread.tasks.keys()]) finish(thread, id, (task) => task.end.reject(threadEnded()));
      resolve();
    });
  });
  return {
    busy: () => thread.tasks.size,
    begin: (file) => beginWrite(thread, file),
    close: async () => {
      await Promise.allSettled([...thread.tasks.values()].map((task) => task.end.promise));
      await worker.terminate();
      await exited;
    },
  };
}

function threadEnded(): Error {
  return new Error('The thread that writes content has ended');
}

function openTask(thread: Thread): { id: number; task: Task } {
  clearTimeout(thread.idle);
  thread.worker.ref();
  thread.count += 1;
  const task: Task = { given: [], wake: () => {}, end: Promise.withResolvers(), isOver: false };
  // Whoever opened it waits for it, at the latest after the last piece.
  task.end.promise.catch(() => {});
  thread.tasks.set(thread.count, task);
  return { id: thread.count, task };
}

function beginWrite(thread: Thread, file: NewFile): ThreadWrite {
  const { worker, slabs } = thread;
  const { id, task } = openTask(thread);
  const post = (order: ContentOrder): void => worker.postMessage(order);
  let begin: NewFile | undefined = file;
  // The answer to a write.
  const written = task.end.promise.then((answered) => writtenFile(thread, file.path, answered as WrittenContent));
  // It may fail while its source is waited for.
  written.catch(() => {});
  return {
    send(slab, { length, isLast }) {
      if (task.isOver) return slabs.give(slab);
      task.given.push(slab);
      post({ task: id, ...(begin ? { begin } : {}), piece: slab.subarray(0, length), isLast });
      begin = undefined;
    },
    async room() {
      while (task.given.length >= MAX_AHEAD && !task.isOver)
        await new Promise<void>((resolve) => {
          task.wake = resolve;
        });
      return !task.isOver;
    },
    abort: () => post({ task: id, isAborted: true }),
    written,
  };
}

function writtenFile(thread: Thread, path: string, { key, size }: WrittenContent): WrittenFile {
  return {
    key,
    size,
    settle: async (target) => {
      if (thread.isEnded) throw threadEnded();
      const { id, task } = openTask(thread);
      thread.worker.postMessage({ task: id, from: path, to: target } satisfies ContentOrder);
      // The answer to a settling.
      return ((await task.end.promise) as { modifiedAt: Date }).modifiedAt;
    },
    drop: () => rm(path, { force: true }),
  };
}

function take(thread: Thread, answer: ContentAnswer): void {
  if ('taken' in answer) {
    const task = thread.tasks.get(answer.task);
    const slab = task?.given.shift();
    if (slab) thread.slabs.give(slab);
    task?.wake();
  } else if ('problem' in answer) {
    const { message, code } = answer.problem;
    finish(thread, answer.task, ({ end }) => end.reject(Object.assign(new Error(message), code === undefined ? {} : { code })));
  } else finish(thread, answer.task, ({ end }) => end.resolve(answer));
}

function finish({ tasks, slabs }: Thread, id: number, settle: (task: Task) => void): void {
  const task = tasks.get(id);
  if (!task) return;
  tasks.delete(id);
  task.isOver = true;
  for (const slab of task.given.splice(0)) slabs.give(slab);
  settle(task);
  task.wake();
}
