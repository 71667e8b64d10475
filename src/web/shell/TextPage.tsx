import type { ReactNode } from 'react';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { AppFrame } from './AppFrame.tsx';

/** A screen that is read from top to bottom: heading, lead, and what follows, in a column that the keyboard can scroll. */
export function TextPage({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <AppFrame title={title}>
      <ScrollArea label={title}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            <p className="text-muted">{lead}</p>
          </div>
          {children}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}
