import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, FolderSearch, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Peer, queryPeer } from '../../../contract/peers.ts';
import { createRetrieval } from '../../../contract/retrievals.ts';
import { call } from '../../api.ts';
import { dicomDate, personName } from '../../format.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { retrievalsQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';

const text = operationsWords.ask;
const EMPTY = { PatientID: '', PatientName: '', AccessionNumber: '', StudyDate: '', ModalitiesInStudy: '' };
/** Attributes that the list shows and that are asked for without a condition, by tag. */
const SHOWN = { StudyDescription: '', StudyInstanceUID: '', NumberOfStudyRelatedInstances: '' };
const LIMIT = 100;
type Found = { uid: string; name: string; id: string; date: string; modalities: string; description: string; count: string };

/** Asks an application what studies it has, and fetches those that are wanted. */
export function QueryDrawer({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const [keys, setKeys] = useState(EMPTY);
  const [method, setMethod] = useState<'move' | 'get'>('move');
  const queryClient = useQueryClient();
  const asked = useMutation({
    mutationFn: () => call(queryPeer, { params: { id: peer.id }, body: { level: 'STUDY', keys: { ...SHOWN, ...keys }, limit: LIMIT } }),
  });
  const fetch = useAct({
    run: (study_instance_uid: string) => call(createRetrieval, { body: { peer_id: peer.id, study_instance_uid, method } }),
    refreshes: [retrievalsQuery.queryKey],
    said: () => text.fetching,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    asked.mutate();
  };
  const close = (): void => {
    onClose();
    void queryClient.invalidateQueries({ queryKey: retrievalsQuery.queryKey });
  };
  return (
    <Drawer open onOpenChange={close} title={text.title(peer.ae_title)} lead={text.lead} wide>
      <form className="grid gap-3 sm:grid-cols-2" onSubmit={submit}>
        {(Object.keys(EMPTY) as (keyof typeof EMPTY)[]).map((key) => (
          <TextField
            key={key}
            label={text.keys[key]}
            value={keys[key]}
            maxLength={64}
            placeholder={key === 'StudyDate' ? '20260101-20260131' : ''}
            onChange={(value) => setKeys({ ...keys, [key]: value })}
          />
        ))}
        <Select label={text.method} value={method} choices={text.methods} onChange={setMethod} />
        <div className="sm:col-span-2">
          <Button type="submit" look="primary" icon={Search} busy={asked.isPending}>
            {text.search}
          </Button>
        </div>
      </form>
      <div className="pt-4" aria-live="polite">
        {asked.isError && <ProblemNote error={asked.error} />}
        {asked.data && !asked.data.ok && <p className="text-critical">{asked.data.detail}</p>}
        {asked.data?.ok && (
          <Answers
            found={asked.data.items.map(foundOf)}
            isComplete={asked.data.is_complete}
            isBusy={fetch.isPending}
            onFetch={(uid) => fetch.mutate(uid)}
          />
        )}
      </div>
    </Drawer>
  );
}

type AnswersProps = { found: readonly Found[]; isComplete: boolean; isBusy: boolean; onFetch: (uid: string) => void };

function Answers({ found, isComplete, isBusy, onFetch }: AnswersProps) {
  if (found.length === 0) return <EmptyState icon={FolderSearch} title={text.none} detail={text.noneDetail} />;
  return (
    <>
      <p className="pb-2 text-sm text-muted">{isComplete ? text.found(found.length) : text.more(found.length)}</p>
      <ul className="border-t border-line">
        {found.map((study) => (
          <li key={study.uid} className="flex items-center gap-3 border-b border-line py-2">
            <div className="min-w-0 grow">
              <p className="truncate font-medium">
                <bdi>{study.name || study.id}</bdi> <bdi className="font-normal text-muted">{study.id}</bdi>
              </p>
              <p className="truncate text-muted tabular-nums">
                <bdi>{[study.date, study.modalities, study.description].filter(Boolean).join(' \u00b7 ')}</bdi>
                {study.count && ` \u00b7 ${text.instances(Number(study.count))}`}
              </p>
            </div>
            <Button icon={Download} disabled={isBusy} onClick={() => onFetch(study.uid)}>
              {text.fetch}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

type Attribute = { Value?: unknown[] };

/** An answer is DICOM JSON (PS3.18 annex F), of which any attribute may be missing. */
function foundOf(item: Record<string, unknown>): Found {
  const values = (tag: string): unknown[] => (item[tag] as Attribute | undefined)?.Value ?? [];
  const one = (tag: string): string => String(values(tag)[0] ?? '');
  const [name] = values('00100010') as { Alphabetic?: string }[];
  return {
    uid: one('0020000D'),
    name: personName(name?.Alphabetic ?? ''),
    id: one('00100020'),
    date: dicomDate(one('00080020')),
    modalities: values('00080061').map(String).join(', '),
    description: one('00081030'),
    count: one('00201208'),
  };
}
