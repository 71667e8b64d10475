import { useRights } from '../rights.ts';
import { PagePending } from '../shell/PageStates.tsx';
import { StudyList } from '../study-list/StudyList.tsx';
import { WorklistPage } from './WorklistPage.tsx';

/** The worklist for who works with it; for others (patients, researchers) the studies that they may see. */
export function HomePage() {
  const may = useRights();
  if (!may) return <PagePending />;
  return may('reading:read') ? <WorklistPage /> : <StudyList />;
}
