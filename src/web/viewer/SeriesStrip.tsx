import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { getRenderedFrame } from '../../contract/studies.ts';
import { urlOf } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { SERIES_DRAG } from './series-drag.ts';
import type { Stack } from './stack.ts';

const THUMBNAIL_PX = 128;

type SeriesStripProps = { stacks: readonly Stack[]; active: number; onPick: (stack: number) => void };

/** The series as small pictures: a click shows one in the active cell, a drag in any. */
export function SeriesStrip({ stacks, active, onPick }: SeriesStripProps) {
  return (
    <nav
      aria-label={strings.viewer.series}
      className="flex shrink-0 gap-1.5 overflow-auto border-line bg-canvas p-1.5 max-lg:border-t lg:w-22 lg:flex-col lg:border-e"
    >
      {stacks.map(({ series, frames, prior }, index) => {
        const middle = Math.floor((frames.length - 1) / 2);
        const frame = frames[middle];
        if (!frame) return null;
        const label = [prior, series.modality, series.description].filter(Boolean).join(' ');
        return (
          <button
            key={series.series_instance_uid}
            type="button"
            title={label}
            aria-pressed={index === active}
            draggable
            onDragStart={(event) => event.dataTransfer.setData(SERIES_DRAG, String(index))}
            onClick={() => onPick(index)}
            className={cx(
              'flex w-18 shrink-0 flex-col max-lg:w-14 gap-1 rounded-md border p-1 text-start',
              index === active ? 'border-strong' : 'border-line hover:border-line-strong',
            )}
          >
            <Thumbnail
              src={urlOf(getRenderedFrame, {
                params: { sop_instance_uid: frame.instance.sop_instance_uid },
                query: { size: THUMBNAIL_PX, ...(frame.frame > 1 ? { frame: frame.frame } : {}) },
              })}
            />
            <span className="w-full truncate text-xs text-muted max-lg:sr-only">{label}</span>
            <span className="text-xs text-faint max-lg:sr-only">{frames.length}</span>
          </button>
        );
      })}
    </nav>
  );
}

function Thumbnail({ src }: { src: string }) {
  const [failed, setFailed] = useState(false);
  return (
    <span className="flex aspect-square w-full items-center justify-center rounded-sm bg-black text-faint">
      {failed ? (
        <ImageOff aria-hidden size={18} strokeWidth={1.5} />
      ) : (
        <img alt="" loading="lazy" className="size-full object-contain" src={src} onError={() => setFailed(true)} />
      )}
    </span>
  );
}
