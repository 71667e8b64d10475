import { useState } from 'react';
import { worklistWords } from '../../strings/worklist/words.ts';
import { Field, INPUT_CLASS } from '../../ui/Field.tsx';
import { inWholeUnit, UNITS, type Unit } from './minutes.ts';

const { targets: text } = worklistWords;
/** As the contract has it, in minutes. */
const LONGEST = 90 * UNITS.days;

type DurationFieldProps = { label: string; minutes: number; onChange: (minutes: number) => void };

/** A time as a number and its unit. */
export function DurationField({ label, minutes, onChange }: DurationFieldProps) {
  const [unit, setUnit] = useState<Unit>(() => inWholeUnit(minutes).unit);
  const [written, setWritten] = useState<string>();
  const shown = written ?? String(minutes / UNITS[unit]);
  const write = (value: string): void => {
    setWritten(value);
    const wanted = Math.round(Number(value) * UNITS[unit]);
    if (wanted >= 1 && wanted <= LONGEST) onChange(wanted);
  };
  const choose = (wanted: string): void => {
    const next = (Object.keys(UNITS) as Unit[]).find((each) => each === wanted) ?? unit;
    setUnit(next);
    // The number stays, and means another time.
    onChange(Math.min(LONGEST, Math.max(1, Math.round(Number(shown) * UNITS[next]))));
  };
  return (
    <Field label={label}>
      {(control) => (
        <span className="flex gap-1">
          <input
            {...control}
            type="number"
            required
            min={1 / UNITS[unit]}
            max={LONGEST / UNITS[unit]}
            step="any"
            className={`${INPUT_CLASS} min-w-0 tabular-nums`}
            value={shown}
            onChange={(event) => write(event.target.value)}
            onBlur={() => setWritten(undefined)}
          />
          <select
            aria-label={text.unitOf(label)}
            className={`${INPUT_CLASS} w-auto!`}
            value={unit}
            onChange={(event) => choose(event.target.value)}
          >
            {(Object.keys(UNITS) as Unit[]).map((each) => (
              <option key={each} value={each}>
                {text.units[each]}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}
