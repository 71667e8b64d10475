import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { setDicomNode } from '../../../contract/peers.ts';
import { call } from '../../api.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Copyable } from '../../ui/Copyable.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { dicomNodeQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { storescuLine } from './storescu-line.ts';

const text = operationsWords.node;

/** How other applications reach this server, and the door for those that nobody listed. */
export function OwnNode({ mayWrite }: { mayWrite: boolean }) {
  const node = useQuery(dicomNodeQuery);
  const setDoor = (open: boolean) => call(setDicomNode, { body: { open_to_unknown: open } });
  const back = useAct({ run: setDoor, refreshes: [dicomNodeQuery.queryKey] });
  const door = useAct({
    run: setDoor,
    refreshes: [dicomNodeQuery.queryKey],
    said: (open) => (open ? text.opened : text.closed),
    undo: (open) => back.mutate(!open),
  });
  if (!node.data) return null;
  const { ae_title, port, open_to_unknown: isOpen } = node.data;
  return (
    <section
      aria-label={text.title}
      className="grid gap-x-8 gap-y-3 border-b border-line px-4 py-4 max-md:px-3 xl:grid-cols-[auto_1fr_22rem]"
    >
      <NodeFacts aeTitle={ae_title} port={port} />
      <div className="min-w-0">
        <p className="pb-1 text-sm text-muted">{text.tryIt}</p>
        <Copyable label={text.tryIt} value={storescuLine({ aeTitle: ae_title, host: location.hostname, port })} />
      </div>
      <div className="flex flex-col gap-2">
        <Switch
          label={text.door}
          hint={isOpen ? undefined : text.doorHint}
          checked={isOpen}
          disabled={!mayWrite}
          onChange={(open) => door.mutate(open)}
        />
        {isOpen && (
          <p className="flex gap-2 text-attention">
            <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
            {text.doorWarning}
          </p>
        )}
      </div>
    </section>
  );
}

/** Title, host and port, as a modality asks for them. */
export function NodeFacts({ aeTitle, port }: { aeTitle: string; port: number }) {
  const facts = [
    [text.aeTitle, aeTitle],
    [text.host, location.hostname],
    [text.port, String(port)],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-sm text-muted">{name}</dt>
          <dd dir="ltr" className="text-lg font-medium tabular-nums">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
