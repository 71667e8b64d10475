import { CheckCheck, LoaderCircle, TriangleAlert, WifiOff } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { isUnfinished, showUploads, useUploads } from './queue.ts';

const UploadDialog = lazy(() => import('./UploadDialog.tsx').then((module) => ({ default: module.UploadDialog })));

/** Follows an upload from any screen; opens its dialog. */
export function UploadIndicator() {
  const { items, dialogOpen, needsStart, cutOff } = useUploads();
  const open = items.filter(isUnfinished).length;
  const isInterrupted = items.some(({ state }) => state === 'interrupted');
  return (
    <>
      {cutOff > 0 && items.length === 0 && (
        <Button look="quiet" onClick={() => showUploads(true)}>
          <TriangleAlert aria-hidden size={14} className="text-attention" />
          {strings.upload.cutOff}
        </Button>
      )}
      {items.length > 0 && !needsStart && (
        <Button look="quiet" onClick={() => showUploads(true)}>
          <StateIcon isOpen={open > 0} isInterrupted={isInterrupted} />
          <span className="max-md:sr-only">
            {isInterrupted
              ? strings.upload.state.interrupted
              : open > 0
                ? strings.upload.active(items.length - open, items.length)
                : strings.upload.finished}
          </span>
        </Button>
      )}
      {dialogOpen && (
        <Suspense>
          <UploadDialog />
        </Suspense>
      )}
    </>
  );
}

function StateIcon({ isOpen, isInterrupted }: { isOpen: boolean; isInterrupted: boolean }) {
  if (isInterrupted) return <WifiOff aria-hidden size={14} className="text-attention" />;
  if (isOpen) return <LoaderCircle aria-hidden size={14} className="animate-spin" />;
  return <CheckCheck aria-hidden size={14} />;
}
