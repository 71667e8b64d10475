import { ListEnd } from 'lucide-react';
import { useRights } from '../rights.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { IconButton } from '../ui/Button.tsx';
import { useNextStudy } from './next-study.ts';

/** Goes on to the next study of the list, without the list in between; not shown to who has no list. */
export function NextStudyButton({ uid }: { uid: string }) {
  if (useRights()?.('reading:read') !== true) return null;
  return <GoOn uid={uid} />;
}

function GoOn({ uid }: { uid: string }) {
  const { go, isLooking } = useNextStudy(uid);
  return <IconButton icon={ListEnd} label={text.next.go} aria-keyshortcuts="Alt+J" disabled={isLooking} onClick={go} />;
}
