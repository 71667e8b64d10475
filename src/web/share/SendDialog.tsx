import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, Check, CircleX, Clock3, LoaderCircle, RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import {
  cancelForward,
  createForward,
  type Forward,
  listForwardDestinations,
  listForwardsOfStudy,
  retryForward,
} from '../../contract/forwards.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { useToast } from '../ui/toast.ts';

const text = reportWords.send;
/** Whoever hears no events of forwards asks this often while one is under way. */
const POLL_MS = 3000;
const LOOKS = {
  waiting: { icon: Clock3 },
  sending: { icon: LoaderCircle, spin: true },
  sent: { tone: 'accepted', icon: Check },
  failed: { tone: 'critical', icon: CircleX },
  cancelled: { icon: Ban },
} as const;

const destinationsQuery = queryOptions({
  queryKey: ['forwards', 'destinations'],
  queryFn: ({ signal }) => call(listForwardDestinations, undefined, { signal }),
});
const sentQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['forwards', 'of', study_instance_uid],
    queryFn: ({ signal }) => call(listForwardsOfStudy, { params: { study_instance_uid } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? POLL_MS : false),
  });

/** Where to, which part, and how far what was sent before has come. */
export function SendDialog({ study, onClose }: { study: StudyDetail; onClose: () => void }) {
  const [wanted, setWanted] = useState({ peer: '', series: '', commitment: false });
  const destinations = useQuery(destinationsQuery);
  const queryClient = useQueryClient();
  const toast = useToast();
  const known = destinations.data?.items ?? [];
  const peer = known.find(({ peer_id }) => peer_id === wanted.peer) ?? known[0];
  const send = useMutation({
    mutationFn: (peer_id: string) =>
      call(createForward, {
        body: {
          study_instance_uid: study.study_instance_uid,
          peer_id,
          ...(wanted.series ? { series_instance_uids: [wanted.series] } : {}),
          commitment: wanted.commitment,
        },
      }),
    onSuccess: async ({ ae_title }) => {
      toast({ text: text.sent(ae_title) });
      await queryClient.invalidateQueries({ queryKey: ['forwards'] });
    },
  });
  const error = destinations.error ?? send.error;
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.title}
      lead={text.lead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.close}</Button>
          <Button look="primary" busy={send.isPending} disabled={!peer} onClick={() => peer && send.mutate(peer.peer_id)}>
            {text.send}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-2">
        {error && <ProblemNote error={error} />}
        {destinations.isPending && <Skeleton rows={3} label={strings.common.loading} />}
        {destinations.isSuccess && known.length === 0 && <p className="text-muted">{text.none}</p>}
        {peer && (
          <>
            <Select
              label={text.to}
              value={peer.peer_id}
              choices={known.map(({ peer_id, ae_title }) => [peer_id, ae_title] as const)}
              onChange={(chosen) => setWanted({ ...wanted, peer: chosen })}
            />
            <Select
              label={text.series}
              value={wanted.series}
              choices={partsOf(study)}
              onChange={(series) => setWanted({ ...wanted, series })}
            />
            <Checkbox checked={wanted.commitment} onChange={(commitment) => setWanted({ ...wanted, commitment })}>
              {text.commitment}
            </Checkbox>
          </>
        )}
        <SentBefore uid={study.study_instance_uid} />
      </div>
    </Modal>
  );
}

function SentBefore({ uid }: { uid: string }) {
  const sent = useQuery(sentQuery(uid));
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['forwards'] });
  const stop = useMutation({ mutationFn: (id: string) => call(cancelForward, { params: { id } }), onSuccess });
  const again = useMutation({ mutationFn: (id: string) => call(retryForward, { params: { id } }), onSuccess });
  const error = sent.error ?? stop.error ?? again.error;
  if (error) return <ProblemNote error={error} />;
  if (!sent.data || sent.data.items.length === 0) return null;
  return (
    <section aria-label={text.before} className="border-t border-line pt-3">
      <h3 className="text-sm font-medium text-muted">{text.before}</h3>
      <ul className="divide-y divide-line">
        {sent.data.items.map((forward) => (
          <li key={forward.id} className="flex min-h-10 flex-wrap items-center gap-x-3 py-1">
            <bdi className="font-medium">{forward.ae_title}</bdi>
            <Badge {...LOOKS[forward.status]}>{text.states[forward.status]}</Badge>
            {forward.total_count > 0 && (
              <span className="text-sm text-muted tabular-nums">{text.count(forward.sent_count, forward.total_count)}</span>
            )}
            <span className="ms-auto text-sm text-faint tabular-nums">{dateTime(forward.created_at)}</span>
            {isUnderWay(forward) ? (
              <IconButton icon={X} label={text.stop(forward.ae_title)} onClick={() => stop.mutate(forward.id)} />
            ) : (
              forward.status !== 'sent' && (
                <IconButton icon={RotateCw} label={text.again(forward.ae_title)} onClick={() => again.mutate(forward.id)} />
              )
            )}
            {forward.last_error !== null && forward.status !== 'sent' && (
              <p className="basis-full text-sm text-muted">
                <bdi>{forward.last_error}</bdi>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isUnderWay({ status }: Forward): boolean {
  return status === 'waiting' || status === 'sending';
}

/** All of it, or one series by its number and description. */
function partsOf(study: StudyDetail): (readonly [string, string])[] {
  const series = study.series.map(({ series_instance_uid, series_number, modality, description }) => {
    const title = [series_number, modality, description].filter((part) => part !== null && part !== '').join(' \u00b7 ');
    return [series_instance_uid, title] as const;
  });
  return [['', text.wholeStudy], ...series];
}
