import type { ReactNode } from 'react';
import { AppFrame } from './AppFrame.tsx';

/** A screen that is read from top to bottom: heading, lead, and what follows, in a column that the keyboard can scroll. */
export function TextPage({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <AppFrame title={title}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls and may hold nothing to focus has to be reached by keyboard */}
      <section tabIndex={0} aria-label={title} className="min-h-0 grow overflow-y-auto focus-visible:-outline-offset-2">
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            <p className="text-muted">{lead}</p>
          </div>
          {children}
        </div>
      </section>
    </AppFrame>
  );
}
