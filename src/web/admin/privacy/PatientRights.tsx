import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Download, Lock } from 'lucide-react';
import { useState } from 'react';
import { exportSubject, placeHold, type RetentionHold, releaseHold, requestErasure } from '../../../contract/privacy.ts';
import { call, urlOf } from '../../api.ts';
import { dateTime } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { dataWords } from '../../strings/data/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { ConfirmDanger } from '../../ui/ConfirmDanger.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { useAct } from '../use-act.ts';
import { AccountName } from './AccountName.tsx';
import { erasuresQuery, holdsQuery } from './privacy-queries.ts';

const { privacy: text } = dataWords;

type PatientRightsProps = {
  patientKey: string;
  /** What has to be typed before an erasure is asked for: the patient's number. */
  word: string;
  onRequested: () => void;
};

/** A copy, a hold, or erasure of one patient. */
export function PatientRights({ patientKey, word, onRequested }: PatientRightsProps) {
  const [opened, setOpened] = useState<'hold' | 'erasure'>();
  const mayExport = useRights()?.('study:export') ?? false;
  const close = (): void => setOpened(undefined);
  return (
    <div className="grid max-w-220 items-start gap-4 lg:grid-cols-2">
      <Card title={text.copy} size="large">
        <p className="text-muted">{text.copyDetail}</p>
        {mayExport && (
          <a href={urlOf(exportSubject, { params: { patient_key: patientKey } })} download className={buttonClass('normal', 'self-start')}>
            <Download aria-hidden size={15} strokeWidth={1.75} />
            {text.download}
          </a>
        )}
      </Card>
      <Card title={text.holds} size="large" actions={<Button onClick={() => setOpened('hold')}>{text.place}</Button>}>
        <p className="text-muted">{text.holdsDetail}</p>
        <Holds patientKey={patientKey} />
      </Card>
      <Card title={text.erasure} size="large">
        <p className="text-muted">{text.erasureDetail}</p>
        <Button className="self-start" onClick={() => setOpened('erasure')}>
          {text.request}
        </Button>
      </Card>
      {opened === 'hold' && <HoldDialog patientKey={patientKey} onClose={close} />}
      {opened === 'erasure' && <ErasureDialog patientKey={patientKey} word={word} onClose={close} onRequested={onRequested} />}
    </div>
  );
}

function Holds({ patientKey }: { patientKey: string }) {
  const holds = useQuery(holdsQuery(patientKey));
  const release = useAct({
    run: (id: string) => call(releaseHold, { params: { id } }),
    refreshes: [holdsQuery(patientKey).queryKey],
    said: () => text.isReleased,
  });
  if (holds.isError) return <ProblemNote error={holds.error} />;
  if (holds.data?.items.length === 0) return <p className="text-muted">{text.noHolds}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line">
      {holds.data?.items.map((hold) => (
        <Hold key={hold.id} hold={hold} onRelease={() => release.mutate(hold.id)} />
      ))}
    </ul>
  );
}

function Hold({ hold: { reason, placed_at, placed_by, released_at }, onRelease }: { hold: RetentionHold; onRelease: () => void }) {
  return (
    <li className="flex items-start gap-3 py-2">
      <span className="min-w-0 grow">
        <bdi className="block">{reason}</bdi>
        <span className="block text-sm text-muted tabular-nums">
          {dateTime(placed_at)} <AccountName id={placed_by} />
        </span>
      </span>
      {released_at === null ? (
        <>
          <Badge tone="attention" icon={Lock}>
            {text.inForce}
          </Badge>
          <Button look="quiet" className="-my-1.5" onClick={onRelease}>
            {text.release}
          </Button>
        </>
      ) : (
        <Badge icon={Check}>{text.released}</Badge>
      )}
    </li>
  );
}

function HoldDialog({ patientKey, onClose }: { patientKey: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(placeHold, { params: { patient_key: patientKey }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.placed });
      await queryClient.invalidateQueries({ queryKey: holdsQuery(patientKey).queryKey });
    },
  });
  return (
    <FormModal title={text.place} lead={text.holdsDetail} action={text.place} act={act} onClose={onClose}>
      <TextField label={text.reason} hint={text.reasonHint} required minLength={3} maxLength={1000} value={reason} onChange={setReason} />
    </FormModal>
  );
}

type ErasureDialogProps = PatientRightsProps & { onClose: () => void };

function ErasureDialog({ patientKey, word, onClose, onRequested }: ErasureDialogProps) {
  const [reason, setReason] = useState('');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(requestErasure, { params: { patient_key: patientKey }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.requested });
      await queryClient.invalidateQueries({ queryKey: erasuresQuery.queryKey });
      onRequested();
    },
  });
  return (
    <ConfirmDanger
      title={text.request}
      word={word}
      action={text.request}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <div className="flex flex-col gap-3">
        <p>{text.erasureDetail}</p>
        <div className="text-text">
          <TextField
            label={text.reason}
            hint={text.reasonHint}
            required
            minLength={3}
            maxLength={1000}
            value={reason}
            onChange={setReason}
          />
        </div>
      </div>
    </ConfirmDanger>
  );
}
