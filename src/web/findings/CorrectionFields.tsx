import { CORRECTABLE_NUMBERS, CORRECTABLE_WORDS } from '../../contract/findings.ts';
import { decimal, evidenceLabel } from '../format.ts';
import { findingsWords as text } from '../strings/findings/words.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import { type CorrectableNumber, type CorrectableWord, isWrong, limitsOf, type Typed } from './corrections.ts';

/** `given`: before anything was typed. */
type CorrectionFieldsProps = { given: Typed; typed: Typed; onChange: (typed: Typed) => void };

/** What was measured and seen, to be set right; nothing where the finding rests on none of it. */
export function CorrectionFields({ given, typed, onChange }: CorrectionFieldsProps) {
  if (Object.keys(typed).length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">{text.values}</legend>
      <p className="text-sm text-faint">{text.valuesHint}</p>
      <div className="grid grid-cols-2 gap-2">
        {CORRECTABLE_NUMBERS.map((name) => {
          const value = typed[name];
          return (
            value !== undefined && (
              <NumberField
                key={name}
                name={name}
                value={value}
                wrong={value !== given[name] && isWrong(name, value)}
                onChange={(next) => onChange({ ...typed, [name]: next })}
              />
            )
          );
        })}
        {WORDS.map((name) => {
          const value = typed[name];
          return (
            value !== undefined && (
              <WordField key={name} name={name} value={value} onChange={(next) => onChange({ ...typed, [name]: next })} />
            )
          );
        })}
      </div>
    </fieldset>
  );
}

// The keys are those of the type.
const WORDS = Object.keys(CORRECTABLE_WORDS) as CorrectableWord[];
type OneProps<T> = { name: T; value: string; onChange: (value: string) => void };

function NumberField({ name, value, wrong, onChange }: OneProps<CorrectableNumber> & { wrong: boolean }) {
  const { min, max } = limitsOf(name);
  const { unit } = evidenceLabel(name);
  return (
    <Field
      label={unit && unit !== '%' ? `${text.fields[name]} (${unit})` : `${text.fields[name]}${unit && ' (%)'}`}
      error={wrong ? text.between(decimal(min), decimal(max)) : undefined}
    >
      {(control) => (
        <input
          {...control}
          dir="ltr"
          inputMode="decimal"
          autoComplete="off"
          className={`${INPUT_CLASS} tabular-nums`}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function WordField({ name, value, onChange }: OneProps<CorrectableWord>) {
  const known: readonly string[] = CORRECTABLE_WORDS[name];
  // What the model said stays choosable, also a word that this form has none for.
  const choices = [...new Set([...known, value])].map((word) => [word, wordOf(word)] as const);
  return <Select label={text.fields[name]} value={value} choices={choices} onChange={onChange} />;
}

/** A closed word of the evidence in the language of the page. */
export function wordOf(word: string): string {
  return (text.words as Readonly<Record<string, string>>)[word] ?? word;
}
