const SIGNS = ['pointermove', 'pointerdown', 'keydown'] as const;

/**
 * Runs `act` once, when somebody first moves the pointer, touches the page or presses a key: early enough for what is opened by a click, and
 * not while the page itself is loading.
 */
export function onFirstTouch(act: () => unknown): void {
  const once = (): void => {
    for (const sign of SIGNS) window.removeEventListener(sign, once, true);
    act();
  };
  for (const sign of SIGNS) window.addEventListener(sign, once, { capture: true, passive: true });
}
