import type { ReactNode } from 'react';

type AdminPageProps = { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode };

/** A screen of the administration: heading with its actions, and below it what scrolls. */
export function AdminPage({ title, lead, actions, children }: AdminPageProps) {
  return (
    <>
      <header className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-3 pb-2 max-md:px-3">
        <div className="min-w-0 grow basis-60">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {lead && <p className="max-w-180 text-muted">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </>
  );
}
