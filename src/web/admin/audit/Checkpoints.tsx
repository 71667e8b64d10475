import { useInfiniteQuery } from '@tanstack/react-query';
import { Check, CircleAlert, Stamp } from 'lucide-react';
import { type AuditCheckpoint, getAuditKey } from '../../../contract/audit.ts';
import { urlOf } from '../../api.ts';
import { decimal } from '../../format.ts';
import { auditWords } from '../../strings/audit/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import { Copyable } from '../../ui/Copyable.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { When } from '../When.tsx';
import { checkpointsQuery } from './audit-queries.ts';

const text = auditWords.checkpoints;
const COMMAND = 'isocenter verify-audit --export audit.ndjson --key audit-key.pem';

const COLUMNS: readonly Column<AuditCheckpoint>[] = [
  { key: 'number', title: text.number, width: '6rem', cell: ({ number }) => <span className="tabular-nums">{decimal(number)}</span> },
  { key: 'at', title: auditWords.time, width: '12rem', cell: ({ at }) => <When at={at} /> },
  { key: 'seq', title: text.upTo, width: '10rem', cell: ({ seq }) => <span className="tabular-nums">{decimal(seq)}</span> },
  {
    key: 'intact',
    title: text.state,
    width: '9rem',
    cell: ({ intact }) =>
      intact ? (
        <Badge tone="accepted" icon={Check}>
          {text.intact}
        </Badge>
      ) : (
        <Badge tone="critical" icon={CircleAlert}>
          {text.broken}
        </Badge>
      ),
  },
  {
    key: 'hash',
    title: text.hash,
    hideBelow: 'lg',
    cell: ({ hash }) => (
      <code dir="ltr" title={hash} className="text-sm text-muted">
        {hash}
      </code>
    ),
  },
];

/** What was signed of the trail, and how anybody can check it. */
export function Checkpoints() {
  const checkpoints = useInfiniteQuery(checkpointsQuery);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex max-w-200 flex-col gap-3 px-4 py-3 max-md:px-3">
        <p className="text-muted">{text.lead}</p>
        <div className="flex flex-col gap-1">
          <p className="text-sm font-medium">{text.verify}</p>
          <Copyable label={text.verify} value={COMMAND} />
        </div>
        <a href={urlOf(getAuditKey)} download="audit-key.pem" className={buttonClass('normal', 'self-start')}>
          {text.key}
        </a>
      </div>
      <ScrollArea label={auditWords.tabs.checkpoints}>
        <DataTable
          caption={auditWords.tabs.checkpoints}
          columns={COLUMNS}
          rows={checkpoints.data?.pages.flatMap(({ items }) => items)}
          rowKey={({ number }) => String(number)}
          error={checkpoints.error}
          onRetry={() => void checkpoints.refetch()}
          empty={<EmptyState icon={Stamp} title={text.none} detail={text.noneDetail} />}
          hasMore={checkpoints.hasNextPage}
          isLoadingMore={checkpoints.isFetchingNextPage}
          onMore={() => void checkpoints.fetchNextPage()}
        />
      </ScrollArea>
    </div>
  );
}
