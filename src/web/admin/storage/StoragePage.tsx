import { useQuery } from '@tanstack/react-query';
import { HardDrive, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { GROWTH_DAYS, measureStorage, type Storage, type StorageFigures } from '../../../contract/storage.ts';
import { call } from '../../api.ts';
import { Figure, Figures } from '../../charts/Figure.tsx';
import { ShareBar } from '../../charts/ShareBar.tsx';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { byteSize, dateTime, decimal } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { storageQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';

const text = operationsWords.storage;
const DAY_MS = 86_400_000;
/** From here on somebody should look for more disk. */
const ALMOST_FULL = 0.85;

/** What the disk holds, how it grows, and what was cleaned away. */
export function StoragePage() {
  const storage = useQuery(storageQuery);
  const mayWrite = useRights()?.('system:write') ?? false;
  // The figures from before the count that was asked for; they are replaced when it is done.
  const [asked, setAsked] = useState<string | null>();
  const at = storage.data?.figures?.at ?? null;
  const isCounting = asked !== undefined && asked === at;
  const measure = useAct({
    run: () => call(measureStorage),
    refreshes: [storageQuery.queryKey],
    said: () => text.asked,
  });
  const count = (): void => {
    setAsked(at);
    measure.mutate();
  };
  return (
    <>
      <PageHeader
        title={operationsWords.places.storage}
        lead={at ? text.asOf(dateTime(at)) : text.lead}
        actions={
          mayWrite && (
            <Button icon={RotateCw} busy={isCounting} onClick={count}>
              {text.measure}
            </Button>
          )
        }
      />
      <ScrollArea label={operationsWords.places.storage} className="px-4 pb-6 max-md:px-3">
        {storage.error && !storage.data ? (
          <ProblemNote error={storage.error} action={<Button onClick={() => void storage.refetch()}>{strings.common.retry}</Button>} />
        ) : storage.data ? (
          <Contents storage={storage.data} />
        ) : (
          <Skeleton rows={8} label={strings.common.loading} />
        )}
      </ScrollArea>
    </>
  );
}

function Contents({ storage }: { storage: Storage }) {
  const { disk, figures, sweep, tenants } = storage;
  const used = 1 - disk.free_bytes / Math.max(1, disk.total_bytes);
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <Figures>
          <Figure title={text.free} value={byteSize(disk.free_bytes)} detail={text.ofDisk(byteSize(disk.total_bytes))} />
          <Figure
            title={text.objects}
            value={figures ? byteSize(figures.bytes) : '\u2013'}
            detail={figures && text.instances(figures.instances)}
          />
          <Figure
            title={text.recycled}
            value={figures ? byteSize(figures.recycled.bytes) : '\u2013'}
            detail={figures && text.items(figures.recycled.items)}
          />
          <Figure
            title={text.sweep}
            value={sweep ? decimal(sweep.removed, 0) : '\u2013'}
            detail={sweep ? text.sweptOf(sweep.looked_at, dateTime(sweep.at)) : text.notSwept}
          />
        </Figures>
        <div className="flex items-center gap-3 pt-4">
          <ShareBar share={used} tone={used > ALMOST_FULL ? 'attention' : 'neutral'} />
          <span className={`shrink-0 tabular-nums ${used > ALMOST_FULL ? 'text-attention' : 'text-muted'}`}>
            {text.used(Math.round(used * 100))}
          </span>
        </div>
      </Card>
      {figures && figures.instances > 0 ? (
        <div className="grid gap-4 xl:grid-cols-2">
          <Card title={text.byModality}>
            <Modalities figures={figures} />
          </Card>
          <Card title={text.growth}>
            <Growth figures={figures} />
          </Card>
        </div>
      ) : (
        <EmptyState
          icon={HardDrive}
          title={figures ? text.none : text.notCounted}
          detail={figures ? text.noneDetail : text.notCountedDetail}
        />
      )}
      {tenants.length > 1 && (
        <section aria-label={text.tenants}>
          <h2 className="pb-1 text-lg font-semibold">{text.tenants}</h2>
          <DataTable caption={text.tenants} columns={TENANTS} rows={tenants} rowKey={({ tenant_id }) => tenant_id} empty={null} />
        </section>
      )}
    </div>
  );
}

function Modalities({ figures }: { figures: StorageFigures }) {
  return (
    <table className="w-full">
      <thead className="sr-only">
        <tr>
          <th scope="col">{text.modality}</th>
          <th scope="col">{text.share}</th>
          <th scope="col">{text.objects}</th>
          <th scope="col">{text.size}</th>
        </tr>
      </thead>
      <tbody>
        {figures.by_modality.map(({ modality, instances, bytes }) => (
          <tr key={modality} className="h-8">
            <th scope="row" className="w-14 text-start font-medium">
              {modality}
            </th>
            <td className="px-2">
              <ShareBar share={bytes / Math.max(1, figures.bytes)} />
            </td>
            <td className="w-32 text-end text-muted tabular-nums max-sm:hidden">{text.instances(instances)}</td>
            <td className="w-20 text-end tabular-nums">{byteSize(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Bytes by the day of their arrival. */
function Growth({ figures }: { figures: StorageFigures }) {
  const byDay = new Map(figures.by_day.map(({ day, bytes }) => [day, bytes]));
  const last = Date.parse(figures.at.slice(0, 10));
  const days = Array.from({ length: GROWTH_DAYS }, (_, index) => last - (GROWTH_DAYS - 1 - index) * DAY_MS);
  const bytes = days.map((day) => byDay.get(new Date(day).toISOString().slice(0, 10)) ?? 0);
  const [unit, size] = Math.max(...bytes) >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const);
  const values = bytes.map((count) => count / size);
  return (
    <TimeChart
      label={text.growth}
      times={days.map((day) => day / 1_000)}
      series={[{ label: text.arrived, values }]}
      unit={unit}
      as="bars"
      height={180}
    />
  );
}

const TENANTS: readonly Column<Storage['tenants'][number]>[] = [
  { key: 'name', title: text.tenant, cell: ({ name }) => <bdi className="font-medium">{name}</bdi> },
  {
    key: 'instances',
    title: text.objectCount,
    align: 'end',
    width: '9rem',
    cell: ({ figures }) => (figures ? decimal(figures.instances, 0) : '\u2013'),
  },
  { key: 'bytes', title: text.size, align: 'end', width: '9rem', cell: ({ figures }) => (figures ? byteSize(figures.bytes) : '\u2013') },
];
