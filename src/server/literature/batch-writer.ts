/** Batches on their way at a time: while the database writes them, the next one is read. */
const AT_ONCE = 2;

type Batch = { keys: ReadonlySet<string>; done: Promise<void> };

/** Writes batches, some at the same time. */
export type BatchWriter<T> = {
  /**
   * Takes a batch as soon as there is room for it. One that names a key that is on its way waits for it, so that of two versions the later one
   * stays.
   *
   * @throws what writing an earlier batch threw
   */
  write(batch: readonly T[], keys: readonly string[]): Promise<void>;
  /** When everything is written. @throws what writing threw */
  settle(): Promise<void>;
};

/** @param writeOne writes a batch; calls of it overlap */
export function openBatchWriter<T>(writeOne: (batch: readonly T[]) => Promise<void>): BatchWriter<T> {
  let open: Batch[] = [];
  let failure: { error: unknown } | undefined;
  const check = (): void => {
    if (failure) throw failure.error;
  };
  const start = (batch: readonly T[], keys: ReadonlySet<string>): void => {
    const done = writeOne(batch).catch((error: unknown) => {
      failure ??= { error };
    });
    const entry = { keys, done };
    open.push(entry);
    void done.then(() => {
      open = open.filter((other) => other !== entry);
    });
  };
  return {
    write: async (batch, names) => {
      const keys = new Set(names.filter((name) => name !== ''));
      await Promise.all(open.filter((other) => names.some((name) => other.keys.has(name))).map(({ done }) => done));
      while (open.length >= AT_ONCE) await Promise.race(open.map(({ done }) => done));
      check();
      start(batch, keys);
    },
    settle: async () => {
      await Promise.all(open.map(({ done }) => done));
      check();
    },
  };
}
