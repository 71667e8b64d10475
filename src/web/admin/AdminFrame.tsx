import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { useRights } from '../rights.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { Flyout } from '../shell/Flyout.tsx';
import { NotFound } from '../shell/PageStates.tsx';
import { adminWords } from '../strings/admin/words.ts';
import { type AdminPlace, type PlaceGroup, placesFor } from './places.ts';

const PLACE =
  'flex h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-text lg:pointer-fine:h-7 pointer-coarse:h-11';

/** The frame of the administration: what there is at the side, or in a narrow window behind one button, and the chosen screen. */
export function AdminFrame() {
  const { pathname } = useLocation();
  const rights = useRights();
  const groups = placesFor(rights);
  const here = groups.flatMap(({ places }) => places).find(({ to }) => pathname.startsWith(to));
  // What stands behind it would be refused anyway.
  if (!here && pathname.replace(/\/$/, '') !== '/admin') return <NotFound />;
  return (
    <AppFrame title={here?.title ?? adminWords.title}>
      <div className="flex min-h-0 grow max-lg:flex-col">
        <nav
          aria-label={adminWords.title}
          className="relative flex w-52 shrink-0 flex-col gap-3 overflow-y-auto border-e border-line bg-surface px-2 py-3 max-lg:hidden"
        >
          <Groups groups={groups} />
        </nav>
        <nav aria-label={adminWords.title} className="flex shrink-0 border-b border-line bg-surface px-1 lg:hidden">
          <NarrowPlaces groups={groups} here={here} />
        </nav>
        <div className="flex min-h-0 min-w-0 grow flex-col">
          <Outlet />
        </div>
      </div>
    </AppFrame>
  );
}

function NarrowPlaces({ groups, here }: { groups: readonly PlaceGroup[]; here: AdminPlace | undefined }) {
  const title = here?.title ?? adminWords.title;
  const Icon = here?.icon;
  return (
    <Flyout
      label={title}
      buttonClass="flex h-9 items-center gap-2 rounded-md px-2 font-medium hover:bg-hover pointer-coarse:h-11"
      button={
        <>
          {Icon && <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0 text-muted" />}
          {title}
          <ChevronDown aria-hidden size={13} className="text-muted" />
        </>
      }
    >
      {(close) => (
        <div className="grid min-w-64 gap-2 py-1 sm:grid-cols-2">
          <Groups groups={groups} onGone={close} />
        </div>
      )}
    </Flyout>
  );
}

function Groups({ groups, onGone }: { groups: readonly PlaceGroup[]; onGone?: () => void }) {
  return groups.map(({ title, places }) => (
    <section key={title} aria-label={title} className="flex shrink-0 flex-col">
      <h2 className="px-2 pb-1 text-sm font-medium text-faint">{title}</h2>
      {places.map(({ to, title: name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className={PLACE}
          activeProps={{ className: 'bg-hover font-medium text-text!' }}
          {...(onGone ? { onClick: onGone } : {})}
        >
          <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0" />
          {name}
        </Link>
      ))}
    </section>
  ));
}
