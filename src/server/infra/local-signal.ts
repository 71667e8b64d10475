import type { EventSignal } from '../platform/ports.ts';

/** Where one process alone writes: `tell` after each commit. */
export function openLocalSignal(): EventSignal & { tell(): void } {
  const listeners = new Set<() => void>();
  return {
    tell: () => {
      for (const wake of listeners) wake();
    },
    listen: (wake) => {
      listeners.add(wake);
      return {
        close: async () => {
          listeners.delete(wake);
        },
      };
    },
  };
}
