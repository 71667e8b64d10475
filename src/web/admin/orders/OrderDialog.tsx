import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createOrder, removeOrder } from '../../../contract/worklist.ts';
import { call } from '../../api.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { useAct } from '../use-act.ts';

const text = operationsWords.orders;
const EMPTY = {
  patient_id: '',
  family: '',
  given: '',
  birth: '',
  sex: '' as '' | 'M' | 'F' | 'O',
  accession: '',
  modality: 'CT',
  station: '',
  day: new Date().toISOString().slice(0, 10),
  time: '08:00',
  what: '',
};

/** Schedules a procedure step. */
export function OrderDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const queryClient = useQueryClient();
  const back = useAct({ run: (id: string) => call(removeOrder, { params: { id } }), refreshes: [['orders']] });
  const act = useMutation({
    mutationFn: () => call(createOrder, { body: orderOf(typed) }),
    onSuccess: async ({ id, accession_number }) => {
      onClose();
      showToast({ text: text.added(accession_number), undo: () => back.mutate(id) });
      await queryClient.invalidateQueries({ queryKey: ['orders'] });
    },
  });
  const field = (key: keyof typeof EMPTY) => ({ value: typed[key], onChange: (value: string) => setTyped({ ...typed, [key]: value }) });
  return (
    <FormModal title={text.add} lead={text.addLead} action={text.add} wide act={act} onClose={onClose}>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label={text.family} required maxLength={64} {...field('family')} />
        <TextField label={text.given} maxLength={64} {...field('given')} />
        <TextField label={text.patientId} required maxLength={64} {...field('patient_id')} />
        <TextField label={text.birth} type="date" {...field('birth')} />
        <Select
          label={text.sex}
          value={typed.sex}
          choices={[['', text.unknown], ...pairs(text.sexes)]}
          onChange={(sex) => setTyped({ ...typed, sex })}
        />
        <TextField label={text.accession} required maxLength={16} dir="ltr" {...field('accession')} />
        <TextField label={text.modality} required maxLength={16} pattern="[A-Z0-9_]+" dir="ltr" {...field('modality')} />
        <TextField label={text.station} hint={text.stationHint} maxLength={16} dir="ltr" {...field('station')} />
        <TextField label={text.day} type="date" required {...field('day')} />
        <TextField label={text.time} type="time" required {...field('time')} />
      </div>
      <TextField label={text.what} maxLength={64} {...field('what')} />
    </FormModal>
  );
}

function pairs<T extends string>(names: Readonly<Record<T, string>>): (readonly [T, string])[] {
  // The keys of a record are its type's.
  return Object.entries<string>(names) as unknown as (readonly [T, string])[];
}

function orderOf({ patient_id, family, given, birth, sex, accession, modality, station, day, time, what }: typeof EMPTY) {
  const plain = (value: string): string => value.trim().replaceAll(/[\^=\\]/g, ' ');
  return {
    patient_id: patient_id.trim(),
    patient_name: [plain(family), plain(given)].filter(Boolean).join('^'),
    ...(birth ? { birth_date: birth.replaceAll('-', '') } : {}),
    ...(sex ? { sex } : {}),
    accession_number: accession.trim(),
    requested_procedure_id: accession.trim(),
    ...(what.trim() ? { requested_procedure_description: what.trim(), step_description: what.trim() } : {}),
    step_id: accession.trim(),
    modality: modality.trim(),
    station_ae_title: station.trim(),
    start_date: day.replaceAll('-', ''),
    start_time: time.replace(':', '').slice(0, 4),
  };
}
