import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useIdleSeconds } from './idle.ts';

const IdleWarning = lazy(async () => ({ default: (await import('./IdleWarning.tsx')).IdleWarning }));

/** What surrounds every screen that needs a session. */
export function SignedIn() {
  const secondsLeft = useIdleSeconds();
  return (
    <>
      <Outlet />
      {secondsLeft !== undefined && (
        <Suspense>
          <IdleWarning secondsLeft={secondsLeft} />
        </Suspense>
      )}
    </>
  );
}
