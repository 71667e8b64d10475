import type { HangingProtocol } from './hang.ts';

const KEY = 'isocenter.hanging';

/** Where choices are kept: the browser's storage, or a test's. */
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/**
 * The protocol that the reader chose for studies of this kind, if it fits this one; else the first that fits. A kind is the first that fits.
 *
 * @param fitting as `protocolsFor` gives them
 */
export function chosenProtocol(fitting: readonly HangingProtocol[], storage: Storage): HangingProtocol | undefined {
  const [first] = fitting;
  const chosen = first && choices(storage)[first.id];
  return fitting.find(({ id }) => id === chosen) ?? first;
}

export function rememberProtocol(fitting: readonly HangingProtocol[], chosen: string, storage: Storage): void {
  const [first] = fitting;
  if (first) storage.setItem(KEY, JSON.stringify({ ...choices(storage), [first.id]: chosen }));
}

function choices(storage: Storage): Record<string, string> {
  try {
    const held: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    if (typeof held !== 'object' || held === null) return {};
    return Object.fromEntries(Object.entries(held).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}
