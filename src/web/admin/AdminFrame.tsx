import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useRights } from '../rights.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { NotFound } from '../shell/PageStates.tsx';
import { adminWords } from '../strings/admin/words.ts';
import { type AdminPlace, placesFor } from './places.ts';

const PLACE =
  'flex h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-text max-lg:px-2.5 lg:pointer-fine:h-7 pointer-coarse:h-11';

/** The frame of the administration: what there is at the side, and the chosen screen beside it. */
export function AdminFrame() {
  const { pathname } = useLocation();
  const rights = useRights();
  const list = useRef<HTMLElement>(null);
  const groups = placesFor(rights);
  const here = groups.flatMap(({ places }) => places).find(({ to }) => pathname.startsWith(to));
  // Where the places are a line that scrolls, the present one may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the address
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [here?.to]);
  // What stands behind it would be refused anyway.
  if (!here && pathname.replace(/\/$/, '') !== '/admin') return <NotFound />;
  return (
    <AppFrame title={here?.title ?? adminWords.title}>
      <div className="flex min-h-0 grow max-lg:flex-col">
        <nav
          ref={list}
          aria-label={adminWords.title}
          className="relative flex shrink-0 gap-4 border-line bg-surface max-lg:overflow-x-auto max-lg:border-b max-lg:px-3 max-lg:py-1.5 lg:w-52 lg:flex-col lg:overflow-y-auto lg:border-e lg:px-2 lg:py-3"
        >
          {groups.map(({ title, places }) => (
            <section key={title} aria-label={title} className="flex shrink-0 gap-0.5 lg:flex-col">
              <h2 className="px-2 pb-1 text-sm font-medium text-faint max-lg:sr-only">{title}</h2>
              {places.map((place) => (
                <PlaceLink key={place.to} place={place} />
              ))}
            </section>
          ))}
        </nav>
        <div className="flex min-h-0 min-w-0 grow flex-col">
          <Outlet />
        </div>
      </div>
    </AppFrame>
  );
}

function PlaceLink({ place: { to, title, icon: Icon } }: { place: AdminPlace }) {
  return (
    <Link to={to} className={PLACE} activeProps={{ className: 'bg-hover font-medium text-text!' }}>
      <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0" />
      {title}
    </Link>
  );
}
