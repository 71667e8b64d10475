import { Share2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useRights } from '../rights.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/Button.tsx';

/** Fetched when it is wanted. */
const ShareDialog = lazy(async () => ({ default: (await import('./ShareDialog.tsx')).ShareDialog }));

/** Makes a link to a study for somebody without an account; not shown to who may not. */
export function ShareButton({ uid }: { uid: string }) {
  const [isOpen, setIsOpen] = useState(false);
  if (!useRights()?.('share:write')) return null;
  return (
    <>
      <IconButton icon={Share2} label={strings.study.share} onClick={() => setIsOpen(true)} />
      {isOpen && (
        <Suspense>
          <ShareDialog uid={uid} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
