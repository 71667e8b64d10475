import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CalendarX2, Check } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { completeFollowUp, dismissFollowUp, type FollowUp } from '../../contract/follow-up.ts';
import { call } from '../api.ts';
import { dateTime, dicomDate } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { followUpsQuery } from './patient-queries.ts';

const LEAST_REASON = 3;

/** Recommendations of signed reports that are tracked until a person closes them. */
export function FollowUpsTab({ patientKey }: { patientKey: string }) {
  const followUps = useQuery(followUpsQuery(patientKey));
  const [dismissing, setDismissing] = useState<FollowUp>();
  if (followUps.isError) return <ProblemNote error={followUps.error} />;
  if (!followUps.data) return <Skeleton rows={4} label={strings.common.loading} />;
  if (followUps.data.items.length === 0)
    return <EmptyState icon={CalendarClock} title={words.noFollowUps} detail={words.noFollowUpsDetail} />;
  return (
    <div className="flex flex-col gap-3">
      {followUps.data.items.map((followUp) => (
        <FollowUpCard key={followUp.id} followUp={followUp} onDismiss={() => setDismissing(followUp)} />
      ))}
      {dismissing && <DismissDialog followUp={dismissing} onClose={() => setDismissing(undefined)} />}
    </div>
  );
}

function FollowUpCard({ followUp, onDismiss }: { followUp: FollowUp; onDismiss: () => void }) {
  const queryClient = useQueryClient();
  const done = useMutation({
    mutationFn: (study_instance_uid?: string) =>
      call(completeFollowUp, { params: { id: followUp.id }, body: study_instance_uid ? { study_instance_uid } : {} }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['patient', followUp.patient_key] }),
  });
  const isOpen = followUp.status === 'open';
  return (
    <Card>
      <p className="flex flex-wrap items-center gap-2">
        {followUp.is_overdue ? (
          <Badge tone="critical" icon={CalendarX2}>
            {words.overdue}
          </Badge>
        ) : (
          <Badge tone={isOpen ? 'attention' : 'accepted'} icon={isOpen ? CalendarClock : Check}>
            {words.followUpStates[followUp.status]}
          </Badge>
        )}
        <span className="tabular-nums" dir="ltr">
          {[followUp.due_from, followUp.due_to].filter(Boolean).join(' \u2013 ') || words.noDay}
        </span>
        <Link
          to="/studies/$uid"
          params={{ uid: followUp.study_instance_uid }}
          className="ms-auto rounded-sm text-muted underline underline-offset-2 hover:text-text"
        >
          {words.recommendedIn}
        </Link>
      </p>
      <p className="pt-1 font-medium">{followUp.text}</p>
      <p className="text-sm text-faint">
        {followUp.rule} {followUp.version}
      </p>
      {isOpen ? (
        <div className="flex flex-wrap gap-2 pt-2">
          {followUp.proposed_studies.map(({ study_instance_uid, study_date, description }) => (
            <Button key={study_instance_uid} icon={Check} busy={done.isPending} onClick={() => done.mutate(study_instance_uid)}>
              {words.doneBy([dicomDate(study_date), description].filter(Boolean).join(' '))}
            </Button>
          ))}
          <Button busy={done.isPending} onClick={() => done.mutate(undefined)}>
            {words.doneElsewhere}
          </Button>
          <Button look="quiet" onClick={onDismiss}>
            {words.dismiss}
          </Button>
        </div>
      ) : (
        <p className="text-sm text-muted">
          {words.closedBy(followUp.closed_by ?? '', followUp.closed_at ? dateTime(followUp.closed_at) : '')} <bdi>{followUp.reason}</bdi>
        </p>
      )}
      {done.isError && <ProblemNote error={done.error} />}
    </Card>
  );
}

function DismissDialog({ followUp, onClose }: { followUp: FollowUp; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const form = useId();
  const queryClient = useQueryClient();
  const dismiss = useMutation({
    mutationFn: () => call(dismissFollowUp, { params: { id: followUp.id }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['patient', followUp.patient_key] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    dismiss.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={words.dismissTitle}
      lead={followUp.text}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={dismiss.isPending} disabled={reason.trim().length < LEAST_REASON}>
            {words.dismiss}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3 pb-2" onSubmit={submit}>
        <Field label={words.reason}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              className={INPUT_CLASS}
              maxLength={1000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {dismiss.isError && <ProblemNote error={dismiss.error} />}
      </form>
    </Modal>
  );
}
