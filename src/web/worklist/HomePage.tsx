import { lazy, Suspense } from 'react';
import { useRights } from '../rights.ts';
import { PagePending } from '../shell/PageStates.tsx';
import { WorklistPage } from './WorklistPage.tsx';

const StudyList = lazy(async () => ({ default: (await import('../study-list/StudyList.tsx')).StudyList }));

/** The worklist for who works with it; for others (patients, researchers) the studies that they may see. */
export function HomePage() {
  const may = useRights();
  if (!may) return <PagePending />;
  if (may('reading:read')) return <WorklistPage />;
  return (
    <Suspense fallback={<PagePending />}>
      <StudyList />
    </Suspense>
  );
}
