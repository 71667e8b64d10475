import { useSyncExternalStore } from 'react';

/** Below Tailwind's `md`. */
const query = matchMedia('(max-width: 767.9px)');

/** Whether the window is as narrow as a phone. */
export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
