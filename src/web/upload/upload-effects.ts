import type { QueryClient } from '@tanstack/react-query';
import { getUploads, isUnfinished, subscribeUploads } from './queue.ts';

/** Shows new studies as soon as their files are stored, and asks before the page is left with files still to send. */
export function reactToUploads(queryClient: QueryClient): void {
  let finished = 0;
  subscribeUploads(() => {
    const now = getUploads().items.filter((item) => !isUnfinished(item)).length;
    const idle = now === getUploads().items.length;
    if (now === finished && !idle) return;
    finished = now;
    if (now > 0) void queryClient.invalidateQueries({ queryKey: ['studies'] });
  });
  window.addEventListener('beforeunload', (event) => {
    if (getUploads().items.some((item) => isUnfinished(item) && item.state !== 'paused')) event.preventDefault();
  });
}
