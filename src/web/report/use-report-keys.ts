import { useEffect, useRef } from 'react';

/**
 * Runs `actions[letter]` for Alt and a letter, by the key's place on an English keyboard, in text fields too but not in dialogs. Alt with Control is AltGr,
 * which writes letters.
 */
export function useReportKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      const action = latest.current[event.code.replace(/^Key/, '').toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
