import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { decimal } from '../format.ts';
import { modelsQuery } from '../queries.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { ChoiceCards } from './ChoiceCards.tsx';
import type { Draft, DraftChange } from './draft.ts';

/** A model that takes nearly everything says so in a few words. */
const MOST_MODALITIES = 5;
const DEPTHS = ['quick', 'standard', 'deep'] as const;
const MODES = ['none', 'heatmap', 'detailed'] as const;

type Changing = { onChange: (change: DraftChange) => void };
type Preferences = Pick<Draft, 'priority' | 'contrast' | 'depth' | 'explainability' | 'threshold' | 'models'>;

/** How the agents are to work; each choice says what it changes. */
export function PreferencesStep({ draft, onChange }: { draft: Preferences } & Changing) {
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={strings.diagnosis.priority}
          hint={text.priorityHint}
          value={draft.priority}
          choices={strings.diagnosis.priorities}
          onChange={(priority) => onChange({ priority })}
        />
        <Select
          label={strings.diagnosis.contrast}
          hint={text.contrastHint}
          value={draft.contrast}
          choices={strings.drugSafety.contrast}
          onChange={(contrast) => onChange({ contrast })}
        />
      </div>
      <ChoiceCards
        label={strings.diagnosis.depth}
        value={draft.depth}
        choices={DEPTHS.map((value) => ({ value, title: strings.diagnosis.depths[value], detail: text.depthDetails[value] }))}
        onChange={(depth) => onChange({ depth })}
      />
      <ChoiceCards
        label={text.explainability}
        value={draft.explainability}
        choices={MODES.map((value) => ({ value, title: text.explainabilities[value], detail: text.explainabilityDetails[value] }))}
        onChange={(explainability) => onChange({ explainability })}
      />
      <Threshold value={draft.threshold} onChange={onChange} />
      <ModelChoice chosen={draft.models} onChange={onChange} />
    </div>
  );
}

function Threshold({ value, onChange }: { value: number } & Changing) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex justify-between text-sm font-medium">
        {text.threshold}
        <span className="tabular-nums">{decimal(100 * value, 0)} %</span>
      </label>
      <input
        id={id}
        type="range"
        className="range"
        min={0}
        max={0.95}
        step={0.05}
        value={value}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange({ threshold: Number(event.target.value) })}
      />
      <p id={`${id}-note`} className="text-sm text-faint">
        {text.thresholdHint}
      </p>
    </div>
  );
}

function ModelChoice({ chosen, onChange }: { chosen: readonly string[] } & Changing) {
  const models = useQuery(modelsQuery);
  const cards = models.data?.items.map(({ card }) => card) ?? [];
  const all = cards.map(({ id }) => id);
  const runs = (id: string) => chosen.length === 0 || chosen.includes(id);
  const toggle = (id: string, isOn: boolean) => {
    const next = all.filter((other) => (other === id ? isOn : runs(other)));
    // None at all would mean all of them: the last one stays.
    if (next.length > 0) onChange({ models: next.length === all.length ? [] : next });
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 text-sm font-medium">{text.models}</legend>
      <p className="text-sm text-faint">{text.modelsHint}</p>
      {models.isError && <ProblemNote error={models.error} />}
      {models.data && cards.length === 0 && <p className="text-muted">{strings.models.emptyDetail}</p>}
      <ul className="divide-y divide-line">
        {cards.map(({ id, title, version, accepts, regulatory_status }) => (
          <li key={id}>
            <Checkbox checked={runs(id)} onChange={(isOn) => toggle(id, isOn)} className="min-h-8! py-1">
              <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{title}</span>
                <span className="text-sm text-muted tabular-nums">{version}</span>
                <span className="text-sm text-muted">{modalitiesOf(accepts.modalities)}</span>
                <bdi className="ms-auto text-sm text-faint">{regulatory_status}</bdi>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function modalitiesOf(modalities: readonly string[]): string {
  const rest = modalities.length - MOST_MODALITIES;
  return modalities.slice(0, MOST_MODALITIES).join(', ') + (rest > 0 ? ` +${rest}` : '');
}
