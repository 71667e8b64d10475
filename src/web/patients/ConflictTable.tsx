import { useState } from 'react';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { differences, type PatientField, type PatientForm } from './patient-form.ts';

type ConflictTableProps = {
  /** As it was when the dialog opened. */
  read: PatientForm;
  mine: PatientForm;
  theirs: PatientForm;
  onSettle: (resolved: PatientForm) => void;
  onClose: () => void;
};

/** Two have changed one record: field by field what was, what the other made of it, and one's own; one decides on each. */
export function ConflictTable({ read, mine, theirs, onSettle, onClose }: ConflictTableProps) {
  const [taken, setTaken] = useState<ReadonlySet<PatientField>>(new Set());
  const fields = differences(mine, theirs);
  const isMine = (field: PatientField) => differences(read, mine).includes(field);
  const settle = () => {
    const kept = fields.filter((field) => isMine(field) && !taken.has(field));
    onSettle({ ...theirs, ...Object.fromEntries(kept.map((field) => [field, mine[field]])) });
  };
  const take = (field: PatientField, isTheirs: boolean) =>
    setTaken(new Set(isTheirs ? [...taken, field] : [...taken].filter((other) => other !== field)));
  return (
    <div className="flex flex-col gap-3 pb-3">
      <div className="overflow-x-auto">
        <table className="w-full border-separate border-spacing-0">
          <caption className="sr-only">{words.conflictTitle}</caption>
          <thead>
            <tr className="h-8 text-start text-sm text-muted">
              {[words.field, words.before, words.theirs, words.mine].map((title) => (
                <th key={title} scope="col" className="border-b border-line pe-3 text-start font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field} className="h-8">
                <th scope="row" className="border-b border-line pe-3 text-start font-normal text-muted">
                  {words.fields[field]}
                </th>
                <td className="border-b border-line pe-3 text-faint">
                  <bdi>{read[field]}</bdi>
                </td>
                <Choice
                  name={field}
                  value={theirs[field]}
                  isChosen={!isMine(field) || taken.has(field)}
                  onChoose={() => take(field, true)}
                />
                {isMine(field) ? (
                  <Choice name={field} value={mine[field]} isChosen={!taken.has(field)} onChoose={() => take(field, false)} />
                ) : (
                  <td className="border-b border-line" />
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{strings.common.cancel}</Button>
        <Button look="primary" onClick={settle}>
          {words.saveChosen}
        </Button>
      </div>
    </div>
  );
}

function Choice({ name, value, isChosen, onChoose }: { name: string; value: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <td className="border-b border-line pe-3">
      <label className="flex cursor-pointer items-center gap-2">
        <input type="radio" name={name} checked={isChosen} onChange={onChoose} className="size-3.5 accent-strong" />
        <bdi className={isChosen ? 'font-medium' : 'text-muted'}>{value || words.empty}</bdi>
      </label>
    </td>
  );
}
