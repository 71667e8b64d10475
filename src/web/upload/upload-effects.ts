import type { QueryClient } from '@tanstack/react-query';
import { getUploads, isUnfinished, noteCutOff, subscribeUploads } from './queue.ts';

/** How many files are still to be sent: nothing about any of them. Gone with the tab. */
const OPEN_KEY = 'isocenter.upload.open';

/**
 * Shows new studies as soon as their files are stored, and asks before the page is left with files still to send. Where it was left all the
 * same, it says so when it is back.
 */
export function reactToUploads(queryClient: QueryClient): void {
  let finished = 0;
  const cutOff = Number(sessionStorage.getItem(OPEN_KEY) ?? 0);
  if (cutOff > 0) noteCutOff(cutOff);
  subscribeUploads(() => {
    const now = getUploads().items.filter((item) => !isUnfinished(item)).length;
    noteOpen(getUploads().items.length - now);
    const idle = now === getUploads().items.length;
    if (now === finished && !idle) return;
    finished = now;
    if (now > 0) void queryClient.invalidateQueries({ queryKey: ['studies'] });
  });
  window.addEventListener('beforeunload', (event) => {
    if (getUploads().items.some((item) => isUnfinished(item) && item.state !== 'paused')) event.preventDefault();
  });
}

function noteOpen(count: number): void {
  if (count > 0) sessionStorage.setItem(OPEN_KEY, String(count));
  else sessionStorage.removeItem(OPEN_KEY);
}
