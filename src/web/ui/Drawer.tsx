import { useRef } from 'react';
import type { DrawerProps } from './DrawerParts.tsx';
import { late } from './late.tsx';

const Parts = late<DrawerProps>(async () => (await import('./DrawerParts.tsx')).DrawerParts);

/** A sheet over one side of the page: details and editors whose list should stay in view. On a phone it is the whole page. */
export function Drawer(props: DrawerProps) {
  const wasOpen = useRef(props.open);
  wasOpen.current ||= props.open;
  // When it closes it still gives the focus back.
  return wasOpen.current ? <Parts {...props} /> : null;
}
