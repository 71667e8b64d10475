/** Runs work when it is its turn; the result is the work's own. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `most` pieces of work run at a time, the others in the order in which they came. Work must not wait for other work of the same gate. */
export function openGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over; without anybody it becomes free.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
