import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Check, FileText, Image, Link2, TimerOff } from 'lucide-react';
import { useState } from 'react';
import { revokeShareLink, type ShareLink } from '../../../contract/identity-shares.ts';
import { call } from '../../api.ts';
import { decimal } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { sharesQuery } from '../people-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';

const { shares: text, common } = peopleWords;

/** Links to studies and reports, the newest first. */
export function SharesPage() {
  const shares = useQuery(sharesQuery);
  const [showsEnded, setShowsEnded] = useState(false);
  const mayChange = useRights()?.('share:write') ?? false;
  const end = useAct({
    run: (id: string) => call(revokeShareLink, { params: { id } }),
    refreshes: [sharesQuery.queryKey],
    said: () => text.isEnded,
  });
  const title = adminWords.places.shares;
  return (
    <>
      <PageHeader
        title={title}
        lead={text.lead}
        actions={
          <Checkbox checked={showsEnded} onChange={setShowsEnded}>
            {text.showEnded}
          </Checkbox>
        }
      />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={columnsFor(mayChange ? (id) => end.mutate(id) : undefined)}
          rows={shares.data?.items.filter((link) => showsEnded || isOpen(link))}
          rowKey={({ id }) => id}
          error={shares.error}
          onRetry={() => void shares.refetch()}
          empty={<EmptyState icon={Link2} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
    </>
  );
}

function isOpen({ revoked_at, expires_at }: ShareLink): boolean {
  return revoked_at === null && Date.parse(expires_at) > Date.now();
}

function columnsFor(onEnd: ((id: string) => void) | undefined): Column<ShareLink>[] {
  return [
    {
      key: 'what',
      title: text.what,
      width: '10rem',
      cell: ({ study_instance_uid: uid, report_id }) => {
        const Icon = report_id ? FileText : Image;
        return (
          <Link
            to="/studies/$uid"
            params={{ uid }}
            title={text.open}
            className="inline-flex items-center gap-2 font-medium hover:underline"
          >
            <Icon aria-hidden size={14} className="shrink-0 text-muted" />
            {report_id ? text.report : text.study}
          </Link>
        );
      },
    },
    { key: 'note', title: common.note, cell: ({ note }) => <bdi>{note}</bdi> },
    {
      key: 'password',
      title: text.password,
      width: '6.5rem',
      hideBelow: 'xl',
      cell: ({ has_password }) => (has_password ? <Check role="img" aria-label={text.password} size={14} /> : '\u2013'),
    },
    { key: 'uses', title: text.uses, width: '5.5rem', align: 'end', cell: ({ uses }) => decimal(uses) },
    {
      key: 'last',
      title: common.lastUse,
      width: '10.5rem',
      hideBelow: 'xl',
      cell: ({ last_used_at }) => <When at={last_used_at} otherwise={common.never} />,
    },
    { key: 'expires', title: common.expires, width: '10.5rem', hideBelow: 'lg', cell: ({ expires_at }) => <When at={expires_at} /> },
    { key: 'state', title: common.state, width: '8rem', cell: (link) => <LinkState link={link} /> },
    ...(onEnd
      ? [
          {
            key: 'end',
            title: '',
            width: '5rem',
            align: 'end' as const,
            cell: (link: ShareLink) =>
              isOpen(link) && (
                <Button look="quiet" aria-label={`${common.end}: ${link.note || text.study}`} onClick={() => onEnd(link.id)}>
                  {common.end}
                </Button>
              ),
          },
        ]
      : []),
  ];
}

function LinkState({ link }: { link: ShareLink }) {
  if (link.revoked_at !== null) return <Badge icon={Ban}>{common.ended}</Badge>;
  return isOpen(link) ? <Badge icon={Check}>{common.active}</Badge> : <Badge icon={TimerOff}>{common.expired}</Badge>;
}
