import { ChevronLeft, ChevronRight } from 'lucide-react';
import { compareWords as text } from '../strings/measurements/words.ts';
import { IconButton } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import type { Comparison } from './use-comparison.ts';

/** Which hanging protocol, and which of its stages. The choice is remembered for studies of this kind. */
export function HangingControls({ hanging }: { hanging: Comparison['hanging'] }) {
  const { protocols, protocol, setProtocol, stage, stages, setStage } = hanging;
  if (!protocol) return null;
  return (
    <div className="flex items-end gap-2 border-b border-line px-4 py-3">
      <div className="min-w-0 grow">
        <Select
          label={text.hanging}
          value={protocol.id}
          choices={protocols.map(({ id }): [string, string] => [id, text.protocols[id as keyof typeof text.protocols]])}
          onChange={setProtocol}
        />
      </div>
      {stages > 1 && (
        <div className="flex shrink-0 items-center">
          <IconButton
            icon={ChevronLeft}
            label={text.previousStage}
            className="rtl:-scale-x-100"
            onClick={() => setStage(stage + stages - 1)}
          />
          <span role="status" className="min-w-10 text-center text-sm text-muted tabular-nums">
            <bdi dir="ltr">
              {stage + 1} / {stages}
            </bdi>
          </span>
          <IconButton icon={ChevronRight} label={text.nextStage} className="rtl:-scale-x-100" onClick={() => setStage(stage + 1)} />
        </div>
      )}
    </div>
  );
}
