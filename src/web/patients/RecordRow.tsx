import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Trash2 } from 'lucide-react';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { addRecordEntry, deleteRecordEntry, getRecordEntry, type NewRecordEntry, updateRecordEntry } from '../../contract/patients.ts';
import { call, callTagged } from '../api.ts';
import { decimal, unitText } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { IconButton } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useToast } from '../ui/toast.ts';

const text = strings.patients;
const STATUSES = ['active', 'resolved', 'refuted'] as const;

/** What has been done or measured is over by its nature. */
const SAYS_STATUS: ReadonlySet<RecordEntry['kind']> = new Set(['condition', 'allergy', 'medication']);

type RecordRowProps = { entry: RecordEntry; patientKey: string; mayWrite: boolean };

/** One fact, with its codes and where it comes from; what was found not to be so is marked, and rather not removed. */
export function RecordRow({ entry, patientKey, mayWrite }: RecordRowProps) {
  const { change, remove } = useEntryActions(entry, patientKey);
  const value = entry.value === null ? entry.value_text : `${decimal(entry.value)} ${unitText(entry.unit ?? '')}`;
  const isOver = entry.status === 'resolved' || entry.status === 'refuted' || entry.status === 'inactive';
  const details = [entry.details['reaction'], entry.details['dose_text'], entry.details['frequency'], entry.details['body_site']];
  const error = change.error ?? remove.error;
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-1">
      <div className="min-w-0 grow basis-40">
        <bdi className={isOver ? 'text-muted' : 'font-medium'}>{entry.text}</bdi> {value && <bdi className="tabular-nums">{value}</bdi>}{' '}
        <bdi className="text-muted">{details.filter(Boolean).join(', ')}</bdi>
        <p className="text-xs text-faint">
          {[words.entrySources[entry.source], ...entry.codes.slice(0, 2).map(({ code }) => code)].join(' \u00b7 ')}
        </p>
      </div>
      {entry.status !== 'active' && SAYS_STATUS.has(entry.kind) && <Badge>{text.statuses[entry.status]}</Badge>}
      <span className="text-sm text-faint tabular-nums" dir="ltr">
        {entry.started_at?.slice(0, 10)}
        {entry.ended_at && ` \u2013 ${entry.ended_at.slice(0, 10)}`}
      </span>
      {mayWrite && (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={words.moreAbout(entry.text)} />}
          items={[
            ...STATUSES.map((status) => ({
              title: words.setStatus[status],
              isChecked: entry.status === status,
              onSelect: () => change.mutate(status),
            })),
            { title: words.removeEntry, icon: Trash2, isDanger: true, onSelect: () => remove.mutate() },
          ]}
        />
      )}
      {error && (
        <div className="basis-full">
          <ProblemNote error={error} />
        </div>
      )}
    </li>
  );
}

function useEntryActions(entry: RecordEntry, patient_key: string) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['patient', patient_key] });
  const params = { patient_key, entry_id: entry.id };
  const setStatus = async (status: RecordEntry['status']) => {
    const { answer, etag } = await callTagged(getRecordEntry, { params });
    await call(updateRecordEntry, { params, body: { ...writable(answer), status } }, { ifMatch: etag });
    await refresh();
  };
  const change = useMutation({
    mutationFn: setStatus,
    onSuccess: (_, status) => toast({ text: words.statusSet(text.statuses[status]), undo: () => setStatus(entry.status) }),
  });
  const remove = useMutation({
    mutationFn: () => call(deleteRecordEntry, { params }),
    onSuccess: async () => {
      await refresh();
      toast({
        text: words.entryRemoved,
        undo: async () => {
          await call(addRecordEntry, { params: { patient_key }, body: writable(entry) });
          await refresh();
        },
      });
    },
  });
  return { change, remove };
}

/** What of an entry a person writes. */
function writable({ id: _, source: __, source_id: ___, recorded_at: ____, ...entry }: RecordEntry): NewRecordEntry {
  return entry;
}
