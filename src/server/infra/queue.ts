/** Gives turns in order of arrival, one at a time. */
export type Queue = {
  /** Waits for the turn; the function it returns ends it. @throws {Error} if the turn has not come after the queue's limit */
  enter(): Promise<() => void>;
};

/**
 * @param limitMs longest wait for a turn
 * @param overdue what the error says after that wait
 */
export function createQueue(limitMs: number, overdue: string): Queue {
  const waiting = new Set<{ start(): void }>();
  let taken = false;

  const leave = () => {
    const [next] = waiting;
    if (!next) {
      taken = false;
      return;
    }
    waiting.delete(next);
    next.start();
  };
  const turn = () => {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      leave();
    };
  };

  return {
    enter() {
      if (!taken) {
        taken = true;
        return Promise.resolve(turn());
      }
      return new Promise((resolve, reject) => {
        const place = {
          start: () => {
            clearTimeout(timer);
            resolve(turn());
          },
        };
        const timer = setTimeout(() => {
          waiting.delete(place);
          reject(new Error(`${overdue} (waited ${limitMs} ms)`));
        }, limitMs);
        waiting.add(place);
      });
    },
  };
}
