import { CheckCheck, LoaderCircle } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { isUnfinished, showUploads, useUploads } from './queue.ts';

const UploadDialog = lazy(() => import('./UploadDialog.tsx').then((module) => ({ default: module.UploadDialog })));

/** Follows an upload from any screen; opens its dialog. */
export function UploadIndicator() {
  const { items, dialogOpen, needsStart } = useUploads();
  const open = items.filter(isUnfinished).length;
  return (
    <>
      {items.length > 0 && !needsStart && (
        <Button look="quiet" onClick={() => showUploads(true)}>
          {open > 0 ? <LoaderCircle aria-hidden size={14} className="animate-spin" /> : <CheckCheck aria-hidden size={14} />}
          <span className="max-md:sr-only">
            {open > 0 ? strings.upload.active(items.length - open, items.length) : strings.upload.finished}
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
