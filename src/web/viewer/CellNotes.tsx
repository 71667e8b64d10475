import { decimal } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import type { StackSnapshot } from './engine/stack-view.ts';
import { ON_PICTURE } from './on-picture.ts';
import { lossiness, type Stack } from './stack.ts';
import { edgeLetters } from './view-geometry.ts';

const NOTE = `${ON_PICTURE} tabular-nums text-text`;
const LETTER = `${NOTE} font-semibold`;

type CellNotesProps = { stack: Stack; snapshot: StackSnapshot; patient: string; isAi: boolean };

/** What belongs to the picture, in its corners: whose it is, which slice, which window, and what it cannot be trusted for. */
export function CellNotes({ stack, snapshot, patient, isAi }: CellNotesProps) {
  const { series, frames } = stack;
  const { info, window, wantedIndex, shownIndex, placement } = snapshot;
  const frame = frames[shownIndex ?? wantedIndex];
  if (!frame) return null;
  const letters = info && placement && edgeLetters(info, placement);
  const isLossy = info?.isLossy || lossiness(frame.instance.transfer_syntax_uid) === 'certain';
  const mayBeLossy = !isLossy && lossiness(frame.instance.transfer_syntax_uid) === 'possible';
  const zoom = info && placement ? Math.hypot(placement.a, placement.b) : null;
  return (
    <>
      <div className={`${NOTE} top-2 left-3 max-w-[42%]`}>
        {stack.prior && <p className="mb-0.5 w-fit border border-text px-1 font-semibold whitespace-nowrap">{stack.prior}</p>}
        <p className="truncate">{patient}</p>
        <p className="truncate">{[series.modality, series.description].filter(Boolean).join('  ')}</p>
        {frames.length > 1 && (
          <p>
            {text.slice}{' '}
            <bdi dir="ltr">
              {wantedIndex + 1} / {frames.length}
            </bdi>
          </p>
        )}
      </div>
      <div className={`${NOTE} bottom-2 left-3`}>
        {window && (
          <p>
            C {decimal(window.center, window.width < 10 ? 2 : 0)} W {decimal(window.width, window.width < 10 ? 2 : 0)}
          </p>
        )}
        {zoom !== null && <p>{decimal(zoom * 100, 0)} %</p>}
        {info?.sliceThicknessMm && <p>{decimal(info.sliceThicknessMm)} mm</p>}
      </div>
      <div className={`${NOTE} right-3 bottom-2 max-w-[48%] text-right`}>
        {isAi && (
          <p dir="auto" className="text-ai">
            {text.researchUse}
          </p>
        )}
        {frame.instance.is_derived && <p dir="auto">{strings.viewer.derived}</p>}
        {isLossy && (
          <p dir="auto" className="text-attention">
            {text.lossy}
          </p>
        )}
        {mayBeLossy && <p dir="auto">{strings.viewer.maybeLossy}</p>}
        <p dir="auto">{text.notCalibrated}</p>
      </div>
      {letters && (
        <div aria-hidden>
          <span className={`${LETTER} top-1/2 left-2 -translate-y-1/2`}>{letters.left}</span>
          <span className={`${LETTER} top-1/2 right-2 -translate-y-1/2`}>{letters.right}</span>
          <span className={`${LETTER} top-1.5 left-1/2 -translate-x-1/2`}>{letters.top}</span>
          <span className={`${LETTER} bottom-1.5 left-1/2 -translate-x-1/2`}>{letters.bottom}</span>
        </div>
      )}
    </>
  );
}
