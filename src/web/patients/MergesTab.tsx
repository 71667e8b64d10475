import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { GitMerge, Undo2 } from 'lucide-react';
import { type PatientMerge, undoMerge } from '../../contract/patients-merge.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { mergesQuery } from './patient-queries.ts';

/** Records that were merged into this one, what moved with them, and the way back. */
export function MergesTab({ patientKey }: { patientKey: string }) {
  const merges = useQuery(mergesQuery(patientKey));
  if (merges.isError) return <ProblemNote error={merges.error} />;
  if (!merges.data) return <Skeleton rows={3} label={strings.common.loading} />;
  if (merges.data.items.length === 0) return <EmptyState icon={GitMerge} title={words.noMerges} detail={words.noMergesDetail} />;
  return (
    <Card>
      <ul className="divide-y divide-line">
        {merges.data.items.map((merge) => (
          <MergeRow key={merge.id} merge={merge} />
        ))}
      </ul>
    </Card>
  );
}

function MergeRow({ merge }: { merge: PatientMerge }) {
  const queryClient = useQueryClient();
  const undo = useMutation({
    mutationFn: () => call(undoMerge, { params: { patient_key: merge.patient_key, merge_id: merge.id } }),
    onSuccess: () =>
      Promise.all([queryClient.invalidateQueries({ queryKey: ['patient'] }), queryClient.invalidateQueries({ queryKey: ['patients'] })]),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span className="tabular-nums">{dateTime(merge.merged_at)}</span>
      <Link to="/patients/$key" params={{ key: merge.source_key }} className="rounded-sm underline underline-offset-2">
        {words.mergedRecord}
      </Link>
      <span className="text-muted">
        {words.moved(merge.moved['study'] ?? 0, merge.moved['record_entry'] ?? 0, merge.moved['patient_document'] ?? 0)}
      </span>
      <span className="ms-auto">
        {merge.undone_at ? (
          <Badge icon={Undo2}>{words.undone(dateTime(merge.undone_at))}</Badge>
        ) : (
          <Button icon={Undo2} busy={undo.isPending} onClick={() => undo.mutate()}>
            {words.undoMerge}
          </Button>
        )}
      </span>
      {undo.isError && (
        <div className="basis-full">
          <ProblemNote error={undo.error} />
        </div>
      )}
    </li>
  );
}
