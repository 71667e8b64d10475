import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { setupQuery } from '../queries.ts';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { strings } from '../strings/strings.ts';
import { buttonClass } from '../ui/Button.tsx';
import { AdministratorForm } from './AdministratorForm.tsx';

/** Opened by the one-time link; its token stands after the `#`, which browsers never send and servers never log. */
export function FirstRun() {
  const setup = useSuspenseQuery(setupQuery);
  const [token] = useState(takeToken);
  if (!setup.data.needs_setup) {
    return (
      <EntryFrame title={strings.setup.done} lead={strings.setup.doneDetail}>
        <Link to="/sign-in" search={{}} className={buttonClass('primary')}>
          {strings.signIn.submit}
        </Link>
      </EntryFrame>
    );
  }
  if (!token) return <EntryFrame title={strings.setup.noToken} lead={strings.setup.noTokenDetail} />;
  return (
    <EntryFrame title={strings.setup.title} lead={strings.setup.lead}>
      <AdministratorForm token={token} />
    </EntryFrame>
  );
}

function takeToken(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';
}
