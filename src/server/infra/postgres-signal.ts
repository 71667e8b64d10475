import type { EventSignal } from '../platform/ports.ts';
import { listen } from './postgres-listen.ts';

/** What `number_event` (migration 0012) notifies at the commit of each transaction with events. */
const CHANNEL = 'isocenter_event';

/** Of all processes on a PostgreSQL database, over a connection of its own. */
export function openPostgresSignal(url: string, onError: (error: unknown) => void): EventSignal {
  return { listen: (wake) => listen(url, CHANNEL, { notify: wake, error: onError }) };
}
