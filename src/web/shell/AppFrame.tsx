import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleUser, LogOut, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { profileQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/Button.tsx';
import { UploadIndicator } from '../upload/UploadIndicator.tsx';
import { LanguageSelect } from './LanguageSelect.tsx';
import { Logo } from './Logo.tsx';
import { usePageTitle } from './page-title.ts';
import { useSignOut } from './sign-out.ts';
import { useTheme } from './theme.ts';

const NAV_LINK = 'whitespace-nowrap rounded-md px-2 py-1 text-muted transition-colors hover:bg-hover hover:text-text';

const PLACES = [
  { to: '/', title: strings.nav.studies },
  { to: '/patients', title: strings.nav.patients },
  { to: '/models', title: strings.nav.models },
  { to: '/drug-safety', title: strings.nav.drugSafety },
  { to: '/scores', title: strings.nav.scores },
] as const;

/** The frame of every signed-in screen; `context` (a patient) takes the place of the navigation's free space. */
export function AppFrame({ title, context, children }: { title: string; context?: ReactNode; children: ReactNode }) {
  usePageTitle(title);
  return (
    <div className="flex h-dvh flex-col">
      <a href="#main" className="sr-only z-50 bg-strong p-2 text-on-strong focus:not-sr-only focus:absolute">
        {strings.nav.skip}
      </a>
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-line bg-surface px-3">
        <Link to="/" className="flex h-10 items-center gap-2 rounded-sm" aria-label={`${strings.product}, ${strings.nav.studies}`}>
          <Logo />
          <span className="max-md:hidden text-lg font-semibold tracking-tight">{strings.product}</span>
        </Link>
        <nav aria-label={strings.nav.main} className="flex min-w-0 items-center gap-1 overflow-x-auto">
          {PLACES.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              className={NAV_LINK}
              activeProps={{ className: 'font-medium text-text!' }}
              activeOptions={{ exact: to === '/' }}
            >
              {title}
            </Link>
          ))}
        </nav>
        <div className="order-last flex min-w-0 grow basis-full items-center lg:order-none lg:basis-0">{context}</div>
        <UploadIndicator />
        <p className="max-xl:hidden whitespace-nowrap text-sm text-muted">{strings.researchUse}</p>
        <SessionTools />
      </header>
      <main id="main" className="flex min-h-0 grow flex-col">
        {children}
      </main>
      <p className="shrink-0 border-t border-line bg-surface px-3 py-0.5 text-center text-sm text-muted xl:hidden">{strings.researchUse}</p>
    </div>
  );
}

function SessionTools() {
  const profile = useQuery(profileQuery);
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <div className="ms-auto flex h-10 items-center gap-1">
      <LanguageSelect />
      <IconButton
        icon={theme === 'dark' ? Sun : Moon}
        label={theme === 'dark' ? strings.session.toLight : strings.session.toDark}
        onClick={() => setTheme(other)}
      />
      <Link to="/account" className={`${NAV_LINK} flex max-w-44 items-center gap-1 px-1`} title={strings.nav.account}>
        <CircleUser aria-hidden size={16} strokeWidth={1.75} className="shrink-0 sm:hidden" />
        <span className="sr-only">{strings.nav.account}</span>
        <span className="max-sm:hidden truncate text-text">{profile.data?.full_name}</span>
      </Link>
      <IconButton icon={LogOut} label={strings.session.signOut} onClick={() => signOut.mutate()} disabled={signOut.isPending} />
    </div>
  );
}
