import { useRef } from 'react';
import { late } from '../ui/late.tsx';
import { LevelChip, type LevelProps } from './LevelChip.tsx';

const ReasonsPopover = late<LevelProps>(async () => (await import('./ReasonsPopover.tsx')).ReasonsPopover, LevelChip);

/** The level of a study, and behind it every reason with what it rests on. */
export function PriorityChip(props: LevelProps) {
  const wasOpen = useRef(props.open);
  wasOpen.current ||= props.open;
  return wasOpen.current ? <ReasonsPopover {...props} /> : <LevelChip {...props} />;
}
