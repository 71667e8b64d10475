import { Direction } from 'radix-ui';
import type { ReactNode } from 'react';
import { TextPage } from '../shell/TextPage.tsx';
import { galleryWords } from '../strings/gallery/words.ts';
import { strings } from '../strings/strings.ts';
import { ControlSamples } from './ControlSamples.tsx';
import { OverlaySamples } from './OverlaySamples.tsx';
import { StateSamples } from './StateSamples.tsx';
import { TableSample } from './TableSample.tsx';

const PANES = [
  { theme: 'dark', dir: 'ltr' },
  { theme: 'light', dir: 'ltr' },
  { theme: 'contrast', dir: 'ltr' },
  { theme: 'dark', dir: 'rtl' },
] as const;

/** Every component of `ui/` side by side in the themes and directions: where a new one is looked at before a screen uses it. */
export function GalleryPage() {
  return (
    <TextPage title={galleryWords.title} lead={galleryWords.lead}>
      <OverlaySamples />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-2">
        {PANES.map(({ theme, dir }) => (
          <Pane key={`${theme} ${dir}`} theme={theme} dir={dir}>
            <ControlSamples />
            <StateSamples />
            <TableSample />
          </Pane>
        ))}
      </div>
    </TextPage>
  );
}

type PaneProps = { theme: (typeof PANES)[number]['theme']; dir: 'ltr' | 'rtl'; children: ReactNode };

function Pane({ theme, dir, children }: PaneProps) {
  const name = `${strings.session.themes[theme]}, ${dir === 'ltr' ? '\u2192' : '\u2190'}`;
  return (
    <section aria-label={name} data-theme={theme} dir={dir} className="flex min-w-0 flex-col gap-4 rounded-lg bg-canvas p-4 text-text">
      <h2 className="text-sm font-medium text-muted">{name}</h2>
      <Direction.Provider dir={dir}>{children}</Direction.Provider>
    </section>
  );
}
