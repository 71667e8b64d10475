import { cloneElement, type KeyboardEvent, useState } from 'react';
import { late } from './late.tsx';
import type { MenuProps } from './MenuParts.tsx';

const Parts = late<MenuProps>(
  async () => (await import('./MenuParts.tsx')).MenuParts,
  ({ trigger }) => trigger,
);

/** What can be done with one thing, behind one button. */
export function Menu(props: MenuProps) {
  const [isWanted, setIsWanted] = useState(false);
  if (isWanted) return <Parts {...props} />;
  return cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setIsWanted(true),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      setIsWanted(true);
    },
  });
}
