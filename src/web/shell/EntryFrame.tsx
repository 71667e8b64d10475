import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { LanguageSelect } from './LanguageSelect.tsx';
import { Logo } from './Logo.tsx';
import { usePageTitle } from './page-title.ts';

/** The frame of the two screens that need no session. */
export function EntryFrame({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  usePageTitle(title);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-10">
      <div className="flex items-center gap-2.5">
        <Logo size={28} />
        <span className="text-xl font-semibold tracking-tight">{strings.product}</span>
      </div>
      <section className="flex w-full max-w-92 flex-col gap-4 rounded-lg border border-line bg-surface p-6">
        <div className="flex flex-col gap-1">
          <h1 className="text-lg font-semibold">{title}</h1>
          {lead && <p className="text-muted">{lead}</p>}
        </div>
        {children}
      </section>
      <p className="text-sm text-muted">{strings.researchUse}</p>
      <LanguageSelect />
    </main>
  );
}
