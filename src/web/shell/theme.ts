import { useSyncExternalStore } from 'react';

const KEY = 'isocenter.theme';
export type Theme = 'dark' | 'light';

const listeners = new Set<() => void>();

/** Takes the saved theme, or else the one that the computer asks for; call before the first paint. */
export function applyTheme(): void {
  const saved = localStorage.getItem(KEY);
  const preferred = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = saved === 'light' || saved === 'dark' ? saved : preferred;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, currentTheme);
  return [theme, setTheme];
}

function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
