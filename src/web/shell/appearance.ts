import { useEffect, useSyncExternalStore } from 'react';

const THEME_KEY = 'isocenter.theme';
const DENSITY_KEY = 'isocenter.density';

export const THEMES = ['system', 'dark', 'light', 'contrast'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
export type Appearance = { theme: (typeof THEMES)[number]; density: (typeof DENSITIES)[number] };

const listeners = new Set<() => void>();
/** How many screens that are for reading images are open. */
let readers = 0;
let chosen = saved();

/** Takes what was chosen on this computer; call before the first paint. Follows the system where that was chosen. */
export function applyAppearance(): void {
  paint();
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', paint);
}

/** What is chosen, and how to choose otherwise. */
export function useAppearance(): [Appearance, (change: Partial<Appearance>) => void] {
  const appearance = useSyncExternalStore(subscribe, () => chosen);
  return [appearance, change];
}

/** A screen that images are read on is dark, unless somebody chose a theme. */
export function useReadingRoom(): void {
  useEffect(() => {
    readers += 1;
    paint();
    return () => {
      readers -= 1;
      paint();
    };
  }, []);
}

function change(wanted: Partial<Appearance>): void {
  chosen = { ...chosen, ...wanted };
  localStorage.setItem(THEME_KEY, chosen.theme);
  localStorage.setItem(DENSITY_KEY, chosen.density);
  paint();
  for (const listener of listeners) listener();
}

function paint(): void {
  const asked = readers === 0 && matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = chosen.theme === 'system' ? asked : chosen.theme;
  document.documentElement.dataset['density'] = chosen.density;
}

function saved(): Appearance {
  const [theme, density] = [localStorage.getItem(THEME_KEY), localStorage.getItem(DENSITY_KEY)];
  return {
    theme: THEMES.find((known) => known === theme) ?? 'system',
    density: DENSITIES.find((known) => known === density) ?? 'comfortable',
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
