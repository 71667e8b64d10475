import { Settings2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { byteSize } from '../format.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { BUDGETS, byteBudget, saveByteBudget } from './byte-budget.ts';
import { ToolbarPopover } from './ToolbarPopover.tsx';

/** How much memory pictures may take, and how much they do. */
export function MemorySettings() {
  return (
    <ToolbarPopover icon={Settings2} label={text.settings}>
      <Budget />
    </ToolbarPopover>
  );
}

function Budget() {
  const [budget, setBudget] = useState(byteBudget);
  const [held, setHeld] = useState<number | null>(null);
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const { applyByteBudget, bytesHeld } = await import('./engine/engine.ts');
      if (byteBudget() === budget) applyByteBudget();
      if (!isGone) setHeld(bytesHeld());
    };
    void read();
    return () => {
      isGone = true;
    };
  }, [budget]);
  const choices = BUDGETS.includes(budget) ? BUDGETS : [...BUDGETS, budget].sort((a, b) => a - b);
  return (
    <label className="flex flex-col gap-1.5">
      <span className="font-medium">{text.memory}</span>
      <select
        className="h-8 rounded-md border border-control bg-raised px-2"
        value={budget}
        onChange={(event) => {
          saveByteBudget(Number(event.target.value));
          setBudget(Number(event.target.value));
        }}
      >
        {choices.map((bytes) => (
          <option key={bytes} value={bytes}>
            {byteSize(bytes)}
          </option>
        ))}
      </select>
      {held !== null && (
        <span className="text-sm text-muted tabular-nums" data-bytes-held={held}>
          {text.memoryHeld(byteSize(held), byteSize(budget))}
        </span>
      )}
      <span className="text-sm text-muted">{text.memoryHint}</span>
    </label>
  );
}
