import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { type AnalysisDepth, createDiagnosis, type DiagnosisPriority } from '../../contract/diagnosis.ts';
import type { DrugSafetyExam } from '../../contract/drug-safety.ts';
import { call } from '../api.ts';
import { dicomDate } from '../format.ts';
import { linesOf } from '../lines.ts';
import { patientStudiesQuery } from '../patients/patient-queries.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';

const text = strings.diagnosis;
type Asked = {
  symptoms: string;
  studies: readonly string[];
  priority: DiagnosisPriority;
  depth: AnalysisDepth;
  contrast: DrugSafetyExam['contrast'];
};

/** Asks for what the four agents need, and shows them at work. */
export function NewDiagnosisDialog({ patientKey, onClose }: { patientKey: string; onClose: () => void }) {
  const [asked, setAsked] = useState<Asked>({ symptoms: '', studies: [], priority: 'routine', depth: 'standard', contrast: 'none' });
  const set = (change: Partial<Asked>) => setAsked({ ...asked, ...change });
  const form = useId();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => call(createDiagnosis, { body: requestOf(patientKey, asked) }),
    onSuccess: ({ id }) => navigate({ to: '/diagnoses/$id', params: { id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={strings.patients.newDiagnosis}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={create.isPending}>
            {text.start}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3 pb-2" onSubmit={submit}>
        <Field label={text.symptoms} hint={text.symptomsHint}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              dir="auto"
              maxLength={5000}
              className={`${INPUT_CLASS} h-auto! py-1.5`}
              value={asked.symptoms}
              onChange={(event) => set({ symptoms: event.target.value })}
            />
          )}
        </Field>
        <StudyChoice patientKey={patientKey} chosen={asked.studies} onChange={(studies) => set({ studies })} />
        <div className="grid grid-cols-3 gap-3">
          <Select label={text.priority} value={asked.priority} choices={text.priorities} onChange={(priority) => set({ priority })} />
          <Select label={text.depth} value={asked.depth} choices={text.depths} onChange={(depth) => set({ depth })} />
          <Select
            label={text.contrast}
            value={asked.contrast}
            choices={strings.drugSafety.contrast}
            onChange={(contrast) => set({ contrast })}
          />
        </div>
        {create.isError && <ProblemNote error={create.error} />}
      </form>
    </Modal>
  );
}

function requestOf(patient_key: string, { symptoms, studies, priority, depth, contrast }: Asked) {
  return {
    patient_key,
    symptoms: linesOf(symptoms),
    study_instance_uids: [...studies],
    priority,
    ai_config: { analysis_depth: depth },
    ...(contrast === 'none' ? {} : { planned_exam: { contrast } }),
  };
}

type StudyChoiceProps = { patientKey: string; chosen: readonly string[]; onChange: (chosen: readonly string[]) => void };

function StudyChoice({ patientKey, chosen, onChange }: StudyChoiceProps) {
  const studies = useQuery(patientStudiesQuery(patientKey));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 text-sm font-medium">{text.images}</legend>
      {studies.data?.items.length === 0 && <p className="text-sm text-muted">{text.noStudies}</p>}
      {studies.data?.items.map(({ id, at, study }) => (
        <Checkbox
          key={id}
          checked={chosen.includes(id)}
          onChange={(isChosen) => onChange(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))}
        >
          <span className="font-medium">{study?.modalities.join(', ')}</span>
          <bdi className="min-w-0 truncate">{study?.description}</bdi>
          <span className="ms-auto text-sm text-faint tabular-nums">{dicomDate(at.slice(0, 10))}</span>
        </Checkbox>
      ))}
    </fieldset>
  );
}
