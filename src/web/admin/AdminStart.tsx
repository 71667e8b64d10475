import { Navigate } from '@tanstack/react-router';
import { useRights } from '../rights.ts';
import { NotFound, PagePending } from '../shell/PageStates.tsx';
import { placesFor } from './places.ts';

/** Leads to the first screen that the person may open. */
export function AdminStart() {
  const rights = useRights();
  if (!rights) return <PagePending />;
  const [first] = placesFor(rights).flatMap(({ places }) => places);
  return first ? <Navigate to={first.to} replace /> : <NotFound />;
}
