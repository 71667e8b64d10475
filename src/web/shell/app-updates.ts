import { useSyncExternalStore } from 'react';

/** A tab that stays open asks this often whether there is another build. */
const ASK_EVERY_MS = 30 * 60_000;

let waiting: ServiceWorker | undefined;
let isOutdated = false;
const listeners = new Set<() => void>();

/** Installs the service worker (service-worker.ts) and notices when the server has another build than this page. Call once, after start. */
export async function watchForUpdates(): Promise<void> {
  // A part of the app that is loaded later is no longer there: the server has another build.
  window.addEventListener('vite:preloadError', () => tell());
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
  if (!registration) return;
  const kept = performance.getEntriesByType('resource').map(({ name }) => name);
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(kept));
  if (registration.waiting && navigator.serviceWorker.controller) tell(registration.waiting);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  setInterval(() => void registration.update().catch(() => undefined), ASK_EVERY_MS);
}

/** Whether the server has another build than this page. */
export function useIsOutdated(): boolean {
  return useSyncExternalStore(subscribe, () => isOutdated);
}

/** Takes the other build. */
export function takeUpdate(): void {
  if (!waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('take-over');
}

function follow(installing: ServiceWorker | null): void {
  installing?.addEventListener('statechange', () => {
    // The first one of a device replaces nothing.
    if (installing.state === 'installed' && navigator.serviceWorker.controller) tell(installing);
  });
}

function tell(worker?: ServiceWorker): void {
  waiting = worker ?? waiting;
  isOutdated = true;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
