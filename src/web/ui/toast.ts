import { useSyncExternalStore } from 'react';
import type { Tone } from './Badge.tsx';
import { problemText } from './problem-text.ts';

/** Long enough to read it and to reach the undo; the time stands still while pointer or focus are on it. */
const SHOWN_MS = 8_000;
/** More at a time would cover the page. */
const MOST = 3;

export type Toast = {
  id: number;
  /** What happened; never with anything of a patient that the page does not show anyway. */
  text: string;
  /** Takes it back. It was already done when this is offered. */
  undo?: () => unknown;
  tone?: Tone;
};

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Says for a while at the edge of the page that something was done, with a way back if there is one. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  lastId += 1;
  const shown = { ...toast, id: lastId };
  for (const old of toasts.slice(0, Math.max(0, toasts.length - MOST + 1))) clearTimeout(timers.get(old.id));
  set([...toasts, shown].slice(-MOST));
  releaseToast(shown.id);
}

/** Says that something failed, where no place of the page can. */
export function showProblem(error: unknown): void {
  showToast({ text: problemText(error), tone: 'critical' });
}

/** `showToast`, for components: `const toast = useToast()`. */
export function useToast(): (toast: Omit<Toast, 'id'>) => void {
  return showToast;
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

export function closeToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  set(toasts.filter((toast) => toast.id !== id));
}

/** Stops its time. */
export function holdToast(id: number): void {
  clearTimeout(timers.get(id));
}

/** Starts its time anew. */
export function releaseToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => closeToast(id), SHOWN_MS),
  );
}

/** Takes back what a toast tells of, and says so if that fails. */
export function takeBack({ id, undo }: Toast): void {
  closeToast(id);
  Promise.resolve(undo?.()).catch(showProblem);
}

/** Takes back what the newest toast with an undo tells of. Says whether there was one. */
export function undoLatest(): boolean {
  const latest = toasts.findLast(({ undo }) => undo !== undefined);
  if (!latest) return false;
  takeBack(latest);
  return true;
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
