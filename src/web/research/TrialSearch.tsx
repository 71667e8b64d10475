import { useQuery } from '@tanstack/react-query';
import { ClipboardList, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { TrialAnswer } from '../../contract/trials.ts';
import { PatientStep } from '../diagnosis/PatientStep.tsx';
import { decimal } from '../format.ts';
import { researchWords as text } from '../strings/research/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { type TrialQuestion, trialsQuery } from './research-queries.ts';
import { SourceNote } from './SourceNote.tsx';
import { TrialItem } from './TrialItem.tsx';

const EMPTY = { condition: '', status: 'RECRUITING' as StatusChoice, latitude: '', longitude: '', km: '', online: false };
type StatusChoice = '' | NonNullable<TrialQuestion['status']>;

type TrialSearchProps = { patientKey: string | null; onPatient: (patientKey: string | null) => void };

/** Trials for one patient, criterion by criterion: nothing here says more than "nothing speaks against it". */
export function TrialSearch({ patientKey, onPatient }: TrialSearchProps) {
  return (
    <>
      <Card title={strings.studies.patient}>
        <PatientStep patientKey={patientKey} onChoose={onPatient} />
      </Card>
      {patientKey === null ? (
        <EmptyState icon={ClipboardList} title={text.choosePatient} detail={text.choosePatientDetail} />
      ) : (
        <Search key={patientKey} patientKey={patientKey} />
      )}
    </>
  );
}

function Search({ patientKey }: { patientKey: string }) {
  const [typed, setTyped] = useState(EMPTY);
  const [asked, setAsked] = useState<TrialQuestion>({ patient_key: patientKey, status: 'RECRUITING' });
  const answer = useQuery(trialsQuery(asked));
  const set = (change: Partial<typeof EMPTY>) => setTyped({ ...typed, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(questionOf(patientKey, typed));
  };
  const number = (name: 'latitude' | 'longitude' | 'km', label: string) => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          dir="ltr"
          className={`${INPUT_CLASS} tabular-nums`}
          inputMode="decimal"
          maxLength={12}
          value={typed[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-5">
          <Field label={text.condition} hint={text.conditionHint}>
            {(control) => (
              <input
                {...control}
                dir="auto"
                className={INPUT_CLASS}
                maxLength={200}
                value={typed.condition}
                onChange={(event) => set({ condition: event.target.value })}
              />
            )}
          </Field>
          <Select
            label={text.trialStatus}
            value={typed.status}
            choices={{ '': text.anyStatus, ...text.trialStatuses }}
            onChange={(status) => set({ status })}
          />
          {number('latitude', text.latitude)}
          {number('longitude', text.longitude)}
          {number('km', text.maxKm)}
        </div>
        <div className="flex flex-wrap items-center gap-4">
          <Checkbox checked={typed.online} onChange={(online) => set({ online })}>
            {text.onlineTrials}
          </Checkbox>
          <Button type="submit" look="primary" className="ms-auto">
            {text.search}
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="flex flex-col gap-4">
        {answer.isError && <ProblemNote error={answer.error} />}
        {answer.isPending && <Skeleton rows={6} label={text.searching} />}
        {answer.data && <Answer answer={answer.data} />}
      </div>
    </>
  );
}

function Answer({ answer }: { answer: TrialAnswer }) {
  const { items, conditions, patient, sources, corpus_date, online, not_evaluable, disclaimer } = answer;
  const facts = [patient.age === null ? '' : strings.patients.years(patient.age), patient.sex ? strings.patients.genders[patient.sex] : ''];
  return (
    <>
      <SourceNote sources={sources} corpusDate={corpus_date} online={online} nothing={text.noTrialCorpus} />
      {conditions.length > 0 && (
        <p className="text-sm text-muted">
          {text.lookedFor} <bdi className="text-text">{conditions.map((condition) => condition.text).join(', ')}</bdi>
          {facts.some(Boolean) && ` (${facts.filter(Boolean).join(', ')})`}
        </p>
      )}
      {not_evaluable && <p className="text-attention">{not_evaluable}</p>}
      {items.length === 0 && !not_evaluable && <EmptyState icon={SearchX} title={text.noTrials} detail={text.nothingFoundDetail} />}
      {items.length > 0 && <h2 className="text-lg font-semibold">{text.trialsFound(decimal(items.length, 0))}</h2>}
      <ol className="flex flex-col gap-3">
        {items.map((trial) => (
          <TrialItem key={trial.nct_id} trial={trial} />
        ))}
      </ol>
      <p className="text-sm text-muted">
        <bdi>{disclaimer}</bdi>
      </p>
    </>
  );
}

function questionOf(patient_key: string, { condition, status, latitude, longitude, km, online }: typeof EMPTY): TrialQuestion {
  const [lat, long, most] = [latitude, longitude, km].map(numberOf);
  return {
    patient_key,
    online,
    ...(condition.trim() ? { condition: condition.trim() } : {}),
    ...(status ? { status } : {}),
    ...(lat !== undefined && long !== undefined ? { latitude: lat, longitude: long } : {}),
    ...(most !== undefined && lat !== undefined && long !== undefined ? { max_km: most } : {}),
  };
}

function numberOf(typed: string): number | undefined {
  const value = Number(typed.trim().replace(',', '.'));
  return typed.trim() === '' || !Number.isFinite(value) ? undefined : value;
}
