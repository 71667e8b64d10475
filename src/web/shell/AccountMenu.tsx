import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, CircleUser, LogOut } from 'lucide-react';
import { profileQuery } from '../queries.ts';
import { changeLocale, currentLocale, LANGUAGE_NAMES } from '../strings/locale.ts';
import { strings } from '../strings/strings.ts';
import { Select } from '../ui/Select.tsx';
import { useAppearance } from './appearance.ts';
import { Flyout } from './Flyout.tsx';
import { useSignOut } from './sign-out.ts';

const text = strings.session;
const LINE = 'flex h-8 w-full items-center gap-2 rounded-sm px-3 text-start hover:bg-hover pointer-coarse:h-11';

/** Who is here, how the screens look, and the way out. */
export function AccountMenu() {
  const { data: profile } = useQuery(profileQuery);
  const [{ theme, density }, choose] = useAppearance();
  const signOut = useSignOut();
  const name = profile?.full_name || strings.nav.account;
  return (
    <Flyout
      label={name}
      align="end"
      button={
        <>
          <CircleUser aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
          <bdi className="truncate max-sm:hidden">{name}</bdi>
          <ChevronDown aria-hidden size={13} className="shrink-0" />
        </>
      }
      buttonClass="flex h-8 max-w-52 items-center gap-1.5 rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-text aria-expanded:text-text"
    >
      {(close) => (
        <div className="w-60">
          <p className="px-3 pt-2 pb-1 sm:hidden">
            <bdi className="font-medium">{name}</bdi>
          </p>
          <Link to="/account" className={LINE} onClick={close}>
            <CircleUser aria-hidden size={15} strokeWidth={1.75} className="text-muted" />
            {strings.nav.account}
          </Link>
          <div className="my-1 flex flex-col gap-2 border-y border-line px-3 pt-2 pb-3">
            <Select label={text.theme} value={theme} choices={text.themes} onChange={(next) => choose({ theme: next })} />
            <Select label={text.density} value={density} choices={text.densities} onChange={(next) => choose({ density: next })} />
            <Select label={text.language} value={currentLocale()} choices={LANGUAGE_NAMES} onChange={changeLocale} />
          </div>
          <button type="button" className={LINE} onClick={() => signOut.mutate('asked')} disabled={signOut.isPending}>
            <LogOut aria-hidden size={15} strokeWidth={1.75} className="text-muted rtl:-scale-x-100" />
            {text.signOut}
          </button>
        </div>
      )}
    </Flyout>
  );
}
