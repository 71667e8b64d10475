import { strings } from '../strings/strings.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { setPictureFields, useUploads } from './queue.ts';

const text = strings.upload;

/** What a plain picture cannot say about itself; the choice of models rests on it. */
export function PictureForm() {
  const { fields } = useUploads();
  const set = (change: Partial<typeof fields>) => setPictureFields({ ...fields, ...change });
  return (
    <fieldset className="mt-3 rounded-md bg-raised p-3">
      <legend className="sr-only">{text.picturesTitle}</legend>
      <p aria-hidden className="font-medium">
        {text.picturesTitle}
      </p>
      <p className="mb-3 text-muted">{text.picturesLead}</p>
      <div className="grid grid-cols-2 gap-3">
        <Field label={text.modality}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={fields.modality}
              onChange={(event) => set({ modality: event.target.value })}
            >
              <Options of={text.kinds} />
            </select>
          )}
        </Field>
        <Field label={text.bodyPart}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={fields.body_part}
              onChange={(event) => set({ body_part: event.target.value })}
            >
              <Options of={text.parts} />
            </select>
          )}
        </Field>
        <Field label={text.patientId}>
          {(control) => (
            <input
              {...control}
              className={INPUT_CLASS}
              maxLength={64}
              value={fields.patient_id}
              onChange={(event) => set({ patient_id: event.target.value })}
            />
          )}
        </Field>
        <Field label={text.patientName}>
          {(control) => (
            <input
              {...control}
              className={INPUT_CLASS}
              maxLength={64}
              value={fields.patient_name}
              onChange={(event) => set({ patient_name: event.target.value })}
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

function Options({ of }: { of: Record<string, string> }) {
  return Object.entries(of).map(([value, label]) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}
