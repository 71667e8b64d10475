import { useEffect, useRef, useSyncExternalStore } from 'react';

const KEY = 'isocenter.shortcuts';
const listeners = new Set<() => void>();

/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const enabled = useSyncExternalStore(subscribe, areEnabled);
  return [enabled, setEnabled];
}

/**
 * Runs `actions[key]` for keys pressed outside of text fields and dialogs. Keys are as `KeyboardEvent.key` in lower case;
 * an action that returns `false` did nothing, and the key keeps its usual meaning.
 */
export function useShortcuts(actions: Record<string, () => unknown>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      if (event.key.length === 1 && !areEnabled()) return;
      const action = latest.current[event.key.toLowerCase()];
      if (action && action() !== false) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="dialog"], textarea, select')) return true;
  // Tabs keep their arrows; letters pass.
  if (target.closest('[role="tablist"]')) return key.length > 1;
  const input = target.closest('input');
  // A slider keeps its arrows; letters pass.
  if (input) return input.type !== 'range' && input.type !== 'checkbox' ? true : key.length > 1;
  return false;
}

function areEnabled(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

function setEnabled(enabled: boolean): void {
  localStorage.setItem(KEY, enabled ? 'on' : 'off');
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
