import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useEvents } from '../../live/live.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { forwardsQuery, peersQuery, retrievalsQuery } from '../operations-queries.ts';
import { Commitments } from './Commitments.tsx';
import { Forwards } from './Forwards.tsx';
import { OwnNode } from './OwnNode.tsx';
import { PeerDialog } from './PeerDialog.tsx';
import { PeerTable } from './PeerTable.tsx';
import { Retrievals } from './Retrievals.tsx';

const text = operationsWords.peers;
type Part = 'peers' | 'sent' | 'fetched' | 'commitments';

/** DICOM applications: who may associate, how this server is known to them, and what goes to and fro. */
export function PeersPage() {
  useEvents('all');
  const [part, setPart] = useState<Part>('peers');
  const [isAdding, setIsAdding] = useState(false);
  const mayWrite = useRights()?.('peer:write') ?? false;
  const peers = useQuery(peersQuery);
  const sent = useQuery(forwardsQuery);
  const fetched = useQuery(retrievalsQuery);
  const area = (value: Part, content: ReactNode) => ({
    value,
    title: text.parts[value],
    content: (
      <ScrollArea label={text.parts[value]} className="h-full">
        {content}
      </ScrollArea>
    ),
  });
  return (
    <>
      <PageHeader
        title={operationsWords.places.peers}
        lead={text.lead}
        actions={
          mayWrite && (
            <Button look="primary" onClick={() => setIsAdding(true)}>
              {text.add}
            </Button>
          )
        }
      />
      <Tabs
        label={operationsWords.places.peers}
        value={part}
        onChange={setPart}
        className="grow [&>[role=tablist]]:px-4"
        tabs={[
          {
            ...area(
              'peers',
              <>
                <OwnNode mayWrite={mayWrite} />
                <PeerTable mayWrite={mayWrite} onAdd={() => setIsAdding(true)} />
              </>,
            ),
            note: peers.data?.items.length,
          },
          {
            ...area('sent', <Forwards />),
            note: sent.data?.items.filter(({ status }) => status !== 'sent' && status !== 'cancelled').length,
          },
          {
            ...area('fetched', <Retrievals />),
            note: fetched.data?.items.filter(({ status }) => status !== 'done' && status !== 'cancelled').length,
          },
          area('commitments', <Commitments />),
        ]}
      />
      {isAdding && <PeerDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}
