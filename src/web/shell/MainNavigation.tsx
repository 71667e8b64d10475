import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { ChevronDown, Menu } from 'lucide-react';
import { whoAmIQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { Flyout } from './Flyout.tsx';
import { type Place, type PlaceGroup, placesFor } from './places.ts';

const TOP = 'flex h-8 items-center gap-1 whitespace-nowrap rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-text';
const BELOW = 'flex h-8 items-center rounded-sm px-3 whitespace-nowrap hover:bg-hover pointer-coarse:h-11';
const HERE = { className: 'font-medium text-text!', 'aria-current': 'page' } as const;

/**
 * The places of the app that one may go to: in a line where there is room, behind one button where there is not. `isNarrow`: something
 * else stands beside it, and only a very wide window has room for both.
 */
export function MainNavigation({ isNarrow }: { isNarrow: boolean }) {
  const { data } = useQuery(whoAmIQuery);
  const groups = placesFor(data?.permissions ?? []);
  return (
    <nav aria-label={strings.nav.main} className="flex min-w-0 items-center">
      <div className={isNarrow ? 'min-[1800px]:hidden' : 'lg:hidden'}>
        <Flyout
          label={strings.nav.menu}
          button={<Menu aria-hidden size={18} strokeWidth={1.75} />}
          buttonClass={cx(TOP, 'w-8 justify-center px-0!')}
        >
          {(close) => (
            <div className="grid min-w-64 gap-1 py-1 sm:grid-cols-2">
              {groups.map((group) => (
                <Section key={group.title} group={group} onGone={close} />
              ))}
            </div>
          )}
        </Flyout>
      </div>
      <ul className={cx('flex items-center gap-0.5', isNarrow ? 'max-[1800px]:hidden' : 'max-lg:hidden')}>
        {groups.map((group) => (
          <li key={group.title}>
            <Group group={group} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A group of one place is that place. */
function Group({ group: { title, places } }: { group: PlaceGroup }) {
  const { pathname } = useLocation();
  const [first, ...others] = places;
  if (first && others.length === 0)
    return (
      <Link to={first.to} className={TOP} activeProps={HERE} activeOptions={{ exact: first.to === '/' }}>
        {title}
      </Link>
    );
  const isHere = places.some(({ to }) => isBelow(pathname, to));
  return (
    <Flyout
      label={title}
      button={
        <>
          {title}
          <ChevronDown aria-hidden size={13} />
        </>
      }
      buttonClass={cx(TOP, isHere && 'font-medium text-text!')}
    >
      {(close) => <Places places={places} onGone={close} />}
    </Flyout>
  );
}

function Section({ group: { title, places }, onGone }: { group: PlaceGroup; onGone: () => void }) {
  const isOne = places.length === 1;
  return (
    <div className={places.length > 3 ? 'sm:row-span-3' : ''}>
      {!isOne && <p className="px-3 pt-1 pb-0.5 text-sm text-faint">{title}</p>}
      <Places places={isOne ? places.map((place) => ({ ...place, title })) : places} onGone={onGone} />
    </div>
  );
}

function Places({ places, onGone }: { places: readonly Place[]; onGone: () => void }) {
  return (
    <ul className="min-w-40">
      {places.map(({ to, title }) => (
        <li key={to}>
          <Link to={to} onClick={onGone} className={BELOW} activeProps={HERE} activeOptions={{ exact: to === '/' }}>
            {title}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function isBelow(pathname: string, to: string): boolean {
  return to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
}
