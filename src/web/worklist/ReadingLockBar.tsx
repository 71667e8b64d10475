import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookOpen } from 'lucide-react';
import { useEffect } from 'react';
import { lockReading, unlockReading } from '../../contract/reading-list.ts';
import { call, urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { useEvents } from '../live/live.ts';
import { reportsQuery } from '../queries.ts';
import { useRights } from '../rights.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button } from '../ui/Button.tsx';
import { showProblem } from '../ui/toast.ts';

/** Well before the server takes the reading for abandoned. */
const RENEW_MS = 60_000;

/**
 * Says to others that this study is being read, for as long as this is shown and its report is not signed; and here, who else reads it. Draws
 * nothing while nobody else does.
 */
export function ReadingLockBar({ uid }: { uid: string }) {
  const queryClient = useQueryClient();
  const may = useRights();
  const reports = useQuery(reportsQuery(uid));
  const newest = reports.data?.items[0];
  const isOpen = reports.isSuccess && (newest === undefined || newest.status === 'draft');
  const holds = may?.('report:write') === true && isOpen;
  const params = { study_instance_uid: uid };
  const queryKey = ['study-lock', uid];
  const lock = useQuery({
    queryKey,
    queryFn: () => call(lockReading, { params, body: {} }),
    enabled: holds,
    gcTime: 0,
    refetchInterval: RENEW_MS,
    refetchIntervalInBackground: true,
  });
  const takeOver = useMutation({
    mutationFn: () => call(lockReading, { params, body: { take_over: true } }),
    onSuccess: (held) => queryClient.setQueryData(queryKey, held),
    onError: (error) => showProblem(error),
  });
  useEvents(`study:${uid}`, ['reading_taken_over', 'reading_ended'], () => void queryClient.invalidateQueries({ queryKey }));
  useEffect(() => {
    if (!holds) return;
    const url = urlOf(unlockReading, { params: { study_instance_uid: uid } });
    // A page that goes has no time for an answer.
    const leave = () => void fetch(url, { method: 'DELETE', credentials: 'same-origin', keepalive: true }).catch(() => {});
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [holds, uid]);
  if (!lock.data || lock.data.is_own || !holds) return null;
  const { full_name, since } = lock.data.lock;
  return (
    <div role="status" className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-attention-soft px-4 py-1.5">
      <BookOpen aria-hidden size={15} className="shrink-0 text-attention" />
      <span className="font-medium">
        <bdi>{text.lock.title(full_name, dateTime(since))}</bdi>
      </span>
      <span className="text-muted">{text.lock.lead}</span>
      <Button className="ms-auto h-7" busy={takeOver.isPending} onClick={() => takeOver.mutate()}>
        {text.lock.takeOver}
      </Button>
    </div>
  );
}
