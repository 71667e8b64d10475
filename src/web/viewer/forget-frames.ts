const listeners = new Set<() => void>();

/** Names what to drop at the end of a session. Apart from the viewer, so that the frame of the app does not load it. */
export function whenForgotten(listener: () => void): void {
  listeners.add(listener);
}

/** Drops every picture and every header, as at the end of a session. */
export function forgetFrames(): void {
  for (const listener of listeners) listener();
}
