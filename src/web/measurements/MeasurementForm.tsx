import { useState } from 'react';
import { measurementWords as text } from '../strings/measurements/words.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import { newTrackingUid } from './annotation-mapping.ts';
import type { Held } from './merge.ts';
import type { PriorLesion } from './prior-lesion.ts';

const MAX_LABEL = 64;
const MAX_COMMENT = 1000;
const NEW_LESION = 'new';

type MeasurementFormProps = {
  item: Held;
  onChange: (part: Partial<Pick<Held, 'label' | 'comment' | 'tracking_uid'>>) => void;
  priorLesions: readonly PriorLesion[];
};

/** Name and comment of a measurement, and of which lesion of a prior it is. Saved as it is typed; an empty name stays what it was. */
export function MeasurementForm({ item, onChange, priorLesions }: MeasurementFormProps) {
  // What is typed stays as it is while it is typed; what is saved has no spaces at its ends.
  const [label, setLabel] = useState(item.label);
  const [comment, setComment] = useState(item.comment ?? '');
  const paired = priorLesions.find(({ tracking_uid }) => tracking_uid === item.tracking_uid);
  const choices: [string, string][] = [
    [NEW_LESION, text.newLesion],
    ...priorLesions.map((lesion): [string, string] => [lesion.tracking_uid, lesion.label]),
  ];
  return (
    <div className="flex flex-col gap-3">
      <Field label={text.name}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            value={label}
            maxLength={MAX_LABEL}
            onChange={({ target }) => {
              setLabel(target.value);
              if (target.value.trim()) onChange({ label: target.value });
            }}
            onBlur={() => setLabel(item.label)}
          />
        )}
      </Field>
      {priorLesions.length > 0 && (
        <Select
          label={text.sameAs}
          hint={text.sameAsHint}
          value={paired?.tracking_uid ?? NEW_LESION}
          choices={choices}
          onChange={(chosen) => onChange({ tracking_uid: chosen === NEW_LESION ? newTrackingUid() : chosen })}
        />
      )}
      <Field label={text.comment}>
        {(control) => (
          <textarea
            {...control}
            className={`${INPUT_CLASS} h-auto min-h-14 resize-y py-1.5`}
            rows={2}
            maxLength={MAX_COMMENT}
            value={comment}
            onChange={({ target }) => {
              setComment(target.value);
              onChange({ comment: target.value.trim() === '' ? null : target.value });
            }}
            onBlur={() => setComment(item.comment ?? '')}
          />
        )}
      </Field>
    </div>
  );
}
