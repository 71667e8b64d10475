import { Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { StudyDetail } from '../../contract/studies.ts';
import { useRights } from '../rights.ts';
import { reportWords } from '../strings/report/words.ts';
import { IconButton } from '../ui/Button.tsx';

/** Fetched when it is wanted. */
const SendDialog = lazy(async () => ({ default: (await import('./SendDialog.tsx')).SendDialog }));

/** Sends a study to another DICOM application; not shown to who may not. */
export function SendButton({ study }: { study: StudyDetail }) {
  const [isOpen, setIsOpen] = useState(false);
  if (!useRights()?.('study:write')) return null;
  return (
    <>
      <IconButton icon={Send} label={reportWords.send.open} className="rtl:[&_svg]:-scale-x-100" onClick={() => setIsOpen(true)} />
      {isOpen && (
        <Suspense>
          <SendDialog study={study} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
