import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { LiveStatus } from '../live/LiveStatus.tsx';
import { strings } from '../strings/strings.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { FrameNotices } from './FrameNotices.tsx';
import { Logo } from './Logo.tsx';
import { MainNavigation } from './MainNavigation.tsx';
import { usePageTitle } from './page-title.ts';

const UploadIndicator = lazy(async () => ({ default: (await import('../upload/UploadIndicator.tsx')).UploadIndicator }));

/** The frame of every signed-in screen; `context` (a patient) takes the place of the navigation's free space. */
export function AppFrame({ title, context, children }: { title: string; context?: ReactNode; children: ReactNode }) {
  usePageTitle(title);
  return (
    <div className="flex h-dvh flex-col">
      <a href="#main" className="sr-only z-50 bg-strong p-2 text-on-strong focus:not-sr-only focus:absolute">
        {strings.nav.skip}
      </a>
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-line bg-surface px-3">
        <Link
          to="/"
          className="flex h-10 min-w-6 items-center justify-center gap-2 rounded-sm pointer-coarse:min-w-11"
          aria-label={`${strings.product}, ${strings.nav.studies}`}
        >
          <Logo />
          <span className="max-md:hidden text-lg font-semibold tracking-tight">{strings.product}</span>
        </Link>
        <MainNavigation isNarrow={context !== undefined} />
        <div className="order-last flex min-w-0 grow basis-full items-center overflow-hidden lg:order-none lg:basis-0">{context}</div>
        <Suspense>
          <UploadIndicator />
        </Suspense>
        <p className="max-xl:hidden whitespace-nowrap text-sm text-muted">{strings.researchUse}</p>
        <div className="ms-auto flex h-10 items-center gap-1 lg:ms-0">
          <LiveStatus isNarrow={context !== undefined} />
          <AccountMenu />
        </div>
      </header>
      <FrameNotices />
      {/* In a very low window (text at 400 %) the page itself scrolls, so that something of its middle is seen. */}
      <main id="main" className="relative flex min-h-0 grow flex-col overflow-clip [@media(max-height:25rem)]:min-h-100">
        {children}
      </main>
      <p className="shrink-0 border-t border-line bg-surface px-3 py-0.5 text-center text-sm text-muted xl:hidden">{strings.researchUse}</p>
    </div>
  );
}
