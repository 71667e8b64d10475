import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Radio } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { addPeer, echoPeer } from '../../contract/peers.ts';
import { dicomNodeQuery, peersQuery } from '../admin/operations-queries.ts';
import { NodeFacts } from '../admin/peers/OwnNode.tsx';
import { storescuLine } from '../admin/peers/storescu-line.ts';
import { call } from '../api.ts';
import { operationsWords } from '../strings/operations/words.ts';
import { Button } from '../ui/Button.tsx';
import { Copyable } from '../ui/Copyable.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { TextField } from '../ui/TextField.tsx';

const text = operationsWords.firstSteps;
const { peers: words } = operationsWords;
const EMPTY = { ae_title: '', host: '', port: '104' };

/** What is typed in at the modality, and what is typed in here. */
export function ConnectModality() {
  const node = useQuery(dicomNodeQuery);
  const [typed, setTyped] = useState(EMPTY);
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: () => call(addPeer, { body: { ae_title: typed.ae_title.trim(), host: typed.host.trim(), port: Number(typed.port) } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: peersQuery.queryKey }),
  });
  const echo = useMutation({ mutationFn: (id: string) => call(echoPeer, { params: { id } }) });
  if (!node.data) return node.error ? <ProblemNote error={node.error} /> : null;
  const { ae_title: aeTitle, port } = node.data;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  const line = storescuLine({ aeTitle, host: location.hostname, port, ...(add.data ? { callingAe: add.data.ae_title } : {}) });
  return (
    <div className="flex flex-col gap-5">
      <div>
        <p className="pb-2 font-medium">{text.there}</p>
        <NodeFacts aeTitle={aeTitle} port={port} />
      </div>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p className="font-medium">{text.here}</p>
        <div className="grid gap-3 sm:grid-cols-[1fr_1fr_7rem]">
          <TextField
            label={words.aeTitle}
            required
            maxLength={16}
            dir="ltr"
            value={typed.ae_title}
            onChange={(ae_title) => setTyped({ ...typed, ae_title })}
          />
          <TextField
            label={words.host}
            required
            maxLength={253}
            dir="ltr"
            value={typed.host}
            onChange={(host) => setTyped({ ...typed, host })}
          />
          <TextField
            label={words.port}
            type="number"
            required
            min={1}
            max={65_535}
            value={typed.port}
            onChange={(value) => setTyped({ ...typed, port: value })}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" busy={add.isPending} disabled={add.isSuccess}>
            {text.connectAct}
          </Button>
          {add.data && (
            <p role="status" className="flex items-center gap-2">
              <Check aria-hidden size={15} className="text-accepted" />
              {text.connected(add.data.ae_title)}
            </p>
          )}
        </div>
        {add.isError && <ProblemNote error={add.error} />}
      </form>
      {add.data && (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-center gap-3">
            <Button icon={Radio} busy={echo.isPending} onClick={() => echo.mutate(add.data.id)}>
              {text.echo}
            </Button>
            <span role="status" className={echo.data && !echo.data.ok ? 'text-attention' : 'text-muted'}>
              {echo.data && (echo.data.ok ? words.answered(echo.data.duration_ms) : `${echo.data.detail}. ${text.echoNotNeeded}`)}
            </span>
          </div>
          <div>
            <p className="pb-1 text-sm text-muted">{text.tryIt}</p>
            <Copyable label={text.tryIt} value={line} />
          </div>
        </div>
      )}
    </div>
  );
}
