import { Box } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { PlanesLayout } from './PlanesLayout.tsx';
import { useVolume } from './use-volume.ts';
import type { VolumeReading } from './volume-reading.ts';
import { WholeLayout } from './WholeLayout.tsx';

/** A series as a volume, in three planes or as a whole, once it is loaded. */
export function VolumeLayout({ layout, reading }: { layout: 'mpr' | 'volume'; reading: VolumeReading }) {
  const { state, retry } = useVolume(reading.sources);
  if (state.status === 'ready') {
    const { slices, plane } = state.volume.level;
    return (
      <div className="relative flex min-h-0 min-w-0 grow">
        {layout === 'mpr' ? (
          <PlanesLayout key={state.volume.volumeId} volume={state.volume} reading={reading} />
        ) : (
          <WholeLayout volume={state.volume} />
        )}
        {(slices > 1 || plane > 1) && (
          <p
            role="status"
            data-theme="dark"
            className="pointer-events-none absolute inset-x-0 top-2 mx-auto w-fit rounded-md border border-attention bg-attention-soft px-2 py-0.5 text-sm text-attention"
          >
            {text.reducedLead}: {text.reduced(slices, plane)}
          </p>
        )}
      </div>
    );
  }
  return (
    <div data-theme="dark" className="flex min-h-0 min-w-0 grow bg-black text-text">
      <div className="m-auto w-80 max-w-full p-4">
        {state.status === 'loading' && (
          <label className="flex flex-col gap-2 text-muted">
            <span>
              {text.loading} {Math.round(state.progress * 100)} %
            </span>
            <progress className="h-1 w-full accent-strong" value={state.progress} max={1} />
          </label>
        )}
        {state.status === 'impossible' && (
          <EmptyState icon={Box} title={state.reason === 'no-webgl' ? text.noWebGl : text.noVolume} detail="" />
        )}
        {state.status === 'failed' && <ProblemNote error={state.error} action={<Button onClick={retry}>{strings.common.retry}</Button>} />}
      </div>
    </div>
  );
}
