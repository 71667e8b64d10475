import type { MeasuredSign } from '../../contract/vital-sign-limits.ts';
import { VITAL_SIGN_UNITS } from '../../contract/vital-sign-limits.ts';
import { decimal, unitText } from '../format.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { currentDirection } from '../strings/locale.ts';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import type { Draft, DraftChange } from './draft.ts';
import { limitsOf, problemsOf, SIGNS, type SignProblem, type TypedSign, type VitalForm } from './vital-form.ts';

const UNIT_NAMES: Readonly<Record<string, string>> = { Cel: '°C', '[degF]': '°F', '[lb_av]': 'lb', '[in_i]': 'in', '/min': '/min' };

/** What the patient complains of and what was measured. A value that no patient has is told while one types. */
export function ComplaintsStep({
  draft,
  onChange,
}: {
  draft: Pick<Draft, 'symptoms' | 'vitals'>;
  onChange: (change: DraftChange) => void;
}) {
  const problems = problemsOf(draft.vitals);
  const set = (change: Partial<VitalForm>) => onChange({ vitals: { ...draft.vitals, ...change } });
  return (
    <div className="flex flex-col gap-5">
      <Field label={strings.diagnosis.symptoms} hint={strings.diagnosis.symptomsHint}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            dir="auto"
            maxLength={5000}
            className={cx(INPUT_CLASS, 'h-auto! py-1.5')}
            value={draft.symptoms}
            onChange={(event) => onChange({ symptoms: event.target.value })}
          />
        )}
      </Field>
      <section aria-label={text.vitals} className="flex flex-col gap-2">
        <h3 className="text-sm font-medium">{text.vitals}</h3>
        <p className="text-sm text-muted">{text.vitalsHint}</p>
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {SIGNS.map((sign) => (
            <SignInput
              key={sign}
              sign={sign}
              value={draft.vitals[sign]}
              problem={problems[sign]}
              onChange={(typed) => set({ [sign]: typed })}
            />
          ))}
          <Select
            label={text.consciousness}
            value={draft.vitals.consciousness}
            choices={{ '': text.notMeasured, ...text.consciousnessLevels }}
            onChange={(consciousness) => set({ consciousness })}
          />
        </div>
      </section>
    </div>
  );
}

type SignInputProps = { sign: MeasuredSign; value: TypedSign; problem: SignProblem | undefined; onChange: (value: TypedSign) => void };

function SignInput({ sign, value, problem, onChange }: SignInputProps) {
  const units = VITAL_SIGN_UNITS[sign];
  const { min, max } = limitsOf(sign, value.unit);
  return (
    <Field
      label={text.signs[sign]}
      hint={strings.scores.plausible(decimal(min), isolated(`${decimal(max)} ${unitName(value.unit)}`))}
      error={problem && wordsOf(problem)}
    >
      {(control) => (
        <span className="flex gap-1.5" dir="ltr">
          <input
            {...control}
            className={cx(INPUT_CLASS, 'tabular-nums')}
            inputMode="decimal"
            autoComplete="off"
            value={value.typed}
            onChange={(event) => onChange({ ...value, typed: event.target.value })}
          />
          {units.length > 1 ? (
            <Select
              label={text.unitOf(text.signs[sign])}
              isLabelHidden
              className="w-24 shrink-0"
              value={value.unit}
              choices={units.map(({ unit }) => [unit, unitName(unit)] as const)}
              onChange={(unit) => onChange({ ...value, unit })}
            />
          ) : (
            <span className="flex w-12 shrink-0 items-center text-sm text-muted">{unitName(value.unit)}</span>
          )}
        </span>
      )}
    </Field>
  );
}

function wordsOf(problem: SignProblem): string {
  if (problem.kind === 'no-number') return text.noNumber;
  if (problem.kind === 'pressure') return text.diastolicAbove;
  return text.impossible(decimal(problem.min), decimal(problem.max), isolated(unitName(problem.unit)));
}

function unitName(ucum: string): string {
  return UNIT_NAMES[ucum] ?? unitText(ucum);
}

/** A number with its unit within a sentence from right to left: else the sign before the unit would stand behind it. */
function isolated(text: string): string {
  return currentDirection() === 'rtl' ? `\u2066${text}\u2069` : text;
}
