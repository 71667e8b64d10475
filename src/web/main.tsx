import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-arabic/wght.css';
import './app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Direction } from 'radix-ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, onSignedOut } from './api.ts';
import { endLive, watchNetwork } from './live/live.ts';
import { watchPresence } from './presence.ts';
import { buildRouter } from './router.tsx';
import { watchForUpdates } from './shell/app-updates.ts';
import { applyAppearance } from './shell/appearance.ts';
import { applyLocale, currentDirection } from './strings/locale.ts';
import { Toaster } from './ui/Toaster.tsx';
import { forgetFrames } from './viewer/forget-frames.ts';

applyAppearance();
applyLocale();
watchPresence();
watchNetwork();

void watchForUpdates();
/** Screens that need no session: one that is gone is nothing to them. */
const OPEN_TO_ALL: ReadonlySet<string> = new Set(['/sign-in', '/setup', '/invitation', '/password-reset', '/register', '/share']);

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1000,
      // What the server refused it will refuse again; only a silent server is asked twice.
      retry: (failures, error) => error instanceof ApiProblem && error.kind === 'unreachable' && failures < 2,
    },
  },
});
const router = buildRouter(queryClient);
// What most people open comes while the server is asked who they are.
if (window.location.pathname === '/') import('./worklist/HomePage.tsx').catch(() => {});
// No screen has to wait for it.
void import('./upload/upload-effects.ts').then(({ reactToUploads }) => reactToUploads(queryClient));

onSignedOut(() => {
  const { pathname } = router.state.location;
  if (OPEN_TO_ALL.has(pathname)) return;
  endLive();
  forgetFrames();
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { next: pathname } });
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Direction.Provider dir={currentDirection()}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toaster />
        </QueryClientProvider>
      </Direction.Provider>
    </StrictMode>,
  );
}
