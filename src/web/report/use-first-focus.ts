import { type RefObject, useEffect, useRef } from 'react';

/** For the field of a dialog in which the work begins: it has the focus when the dialog opens. */
export function useFirstFocus<T extends HTMLElement>(): RefObject<T | null> {
  const field = useRef<T>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
