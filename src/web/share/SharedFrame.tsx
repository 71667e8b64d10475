import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { LanguageSelect } from '../shell/LanguageSelect.tsx';
import { Logo } from '../shell/Logo.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { entryWords } from '../strings/entry/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';

const { share: text } = entryWords;

/** The frame of what is shared. No navigation: there is nowhere to go. */
export function SharedFrame({ context, onClose, children }: { context?: ReactNode; onClose: () => void; children: ReactNode }) {
  usePageTitle(text.title);
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-line bg-surface px-3">
        <span className="flex h-10 items-center gap-2">
          <Logo />
          <span className="text-lg font-semibold tracking-tight max-md:hidden">{strings.product}</span>
        </span>
        <div className="order-last flex min-w-0 grow basis-full items-center lg:order-none lg:basis-0">{context}</div>
        <div className="ms-auto flex h-10 items-center gap-1">
          <LanguageSelect />
          <Button look="quiet" icon={X} onClick={onClose}>
            {text.close}
          </Button>
        </div>
      </header>
      <main id="main" className="flex min-h-0 grow flex-col">
        {children}
      </main>
      <p className="shrink-0 border-t border-line bg-surface px-3 py-0.5 text-center text-sm text-muted">{strings.researchUse}</p>
    </div>
  );
}
