/** Safari has none of it. */
const requestIdle = (act: () => void): void => {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act);
  else setTimeout(act);
};

/**
 * Runs `act` when `afterMs` have passed and the page has nothing else to do: for what will probably be needed and must not delay what is
 * needed now. A reader whose connection is paid by the byte is spared it.
 *
 * @returns takes it back, if it has not begun
 */
export function whenIdle(act: () => unknown, afterMs: number): () => void {
  // Not in the types of the DOM: only some browsers tell.
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return () => {};
  let isWanted = true;
  const timer = setTimeout(() => requestIdle(() => isWanted && act()), afterMs);
  return () => {
    isWanted = false;
    clearTimeout(timer);
  };
}
