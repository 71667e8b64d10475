import { decimal } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { lossiness, type Stack } from './stack.ts';

const text = strings.viewer;
const CORNER = 'pointer-events-none absolute max-w-[45%] text-sm tabular-nums text-[#cfcfcf] [text-shadow:0_0_3px_#000,0_0_3px_#000]';

type StageNotesProps = { stack: Stack; index: number; window: { center: number; width: number } | null; zoom: number };

/** What belongs to the picture, in its corners: which slice, which window, and what it cannot be trusted for. */
export function StageNotes({ stack, index, window, zoom }: StageNotesProps) {
  const { series, frames } = stack;
  const instance = frames[index]?.instance;
  if (!instance) return null;
  const center = window?.center ?? instance.window_center;
  const width = window?.width ?? instance.window_width;
  const lossy = lossiness(instance.transfer_syntax_uid);
  return (
    <>
      <div className={`${CORNER} start-3 top-2`}>
        <p>{[series.modality, series.description].filter(Boolean).join('  ')}</p>
        {frames.length > 1 && (
          <p>
            {text.slice}{' '}
            <bdi dir="ltr">
              {index + 1} / {frames.length}
            </bdi>
          </p>
        )}
      </div>
      <div className={`${CORNER} start-3 bottom-2`}>
        {center !== null && width !== null && (
          <p>
            C {decimal(center, 0)} W {decimal(width, 0)}
          </p>
        )}
        <p>{decimal(zoom * 100, 0)} %</p>
      </div>
      <div className={`${CORNER} end-3 bottom-2 text-end`}>
        {instance.is_derived && <p>{text.derived}</p>}
        {lossy !== 'none' && <p>{lossy === 'certain' ? text.lossy : text.maybeLossy}</p>}
        <p>{text.notCalibrated}</p>
      </div>
    </>
  );
}
