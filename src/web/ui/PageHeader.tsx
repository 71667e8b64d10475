import type { ReactNode } from 'react';

type PageHeaderProps = {
  title: ReactNode;
  lead?: ReactNode;
  /** Search and filters, after the title. */
  tools?: ReactNode;
  /** Buttons at the end; the main one last. */
  actions?: ReactNode;
};

/** Title of a page, what one finds with and what one can do, in one line as long as there is room. */
export function PageHeader({ title, lead, tools, actions }: PageHeaderProps) {
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 max-md:px-3">
      <div className={lead ? 'min-w-0' : 'min-w-0 max-sm:sr-only'}>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {lead && <p className="text-pretty text-muted">{lead}</p>}
      </div>
      {tools && <div className="flex min-w-0 items-center gap-2 max-sm:grow">{tools}</div>}
      {actions && <div className="ms-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
