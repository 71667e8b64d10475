import { useInfiniteQuery } from '@tanstack/react-query';
import { FileOutput, UserSearch } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Disclosure, exportDisclosures } from '../../../contract/audit.ts';
import { urlOf } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { auditWords } from '../../strings/audit/words.ts';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { INPUT_CLASS } from '../../ui/Field.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { When } from '../When.tsx';
import { disclosuresQuery } from './audit-queries.ts';

const { disclosures: text } = auditWords;

const COLUMNS: readonly Column<Disclosure>[] = [
  { key: 'at', title: auditWords.time, width: '12rem', cell: ({ at }) => <When at={at} /> },
  { key: 'recipient', title: text.recipient, cell: ({ recipient }) => <bdi className="font-medium">{recipient}</bdi> },
  {
    key: 'kind',
    title: auditWords.fields.kind,
    width: '10rem',
    hideBelow: 'xl',
    cell: ({ recipient_kind }) => auditWords.kinds[recipient_kind],
  },
  { key: 'action', title: auditWords.act, width: '11rem', cell: ({ action }) => auditWords.actions[action] },
  {
    key: 'object',
    title: auditWords.object,
    hideBelow: 'lg',
    cell: ({ object_type, object_id, study_instance_uid }) => (
      <code dir="ltr" className="text-sm text-muted" title={object_id ?? ''}>
        {[object_type, study_instance_uid ?? object_id].filter(Boolean).join(' ')}
      </code>
    ),
  },
  {
    key: 'purpose',
    title: auditWords.fields.purpose,
    width: '9rem',
    hideBelow: 'xl',
    cell: ({ purpose }) => purpose && auditWords.purposes[purpose],
  },
];

/** Accounting of disclosures of one patient. */
export function Disclosures() {
  const [typed, setTyped] = useState('');
  const [patient, setPatient] = useState('');
  const [staff, setStaff] = useState(false);
  const disclosures = useInfiniteQuery(disclosuresQuery(patient, staff));
  const mayExport = useRights()?.('audit:export') ?? false;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setPatient(typed.trim());
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <p className="max-w-180 px-4 pt-3 text-muted max-md:px-3">{text.lead}</p>
      <form className="flex flex-wrap items-center gap-3 px-4 py-2 max-md:px-3" onSubmit={submit}>
        <input
          aria-label={auditWords.patient}
          placeholder={auditWords.patient}
          required
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          className={`${INPUT_CLASS} w-80! max-sm:w-full!`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Checkbox checked={staff} onChange={setStaff}>
          {text.staff}
        </Checkbox>
        <Button type="submit" look="primary">
          {text.show}
        </Button>
        {patient && mayExport && (
          <a
            href={urlOf(exportDisclosures, { query: { patient, staff } })}
            download="disclosures.csv"
            className={buttonClass('normal', 'ms-auto')}
          >
            {text.csv}
          </a>
        )}
      </form>
      {patient === '' ? (
        <EmptyState icon={UserSearch} title={text.choose} detail={text.chooseDetail} />
      ) : (
        <ScrollArea label={auditWords.tabs.disclosures}>
          <DataTable
            caption={auditWords.tabs.disclosures}
            columns={COLUMNS}
            rows={disclosures.data?.pages.flatMap(({ items }) => items)}
            rowKey={({ at, recipient, operation, object_id }) => `${at} ${recipient} ${operation} ${object_id}`}
            error={disclosures.error}
            onRetry={() => void disclosures.refetch()}
            empty={<EmptyState icon={FileOutput} title={text.none} detail={auditWords.noneDetail} />}
            hasMore={disclosures.hasNextPage}
            isLoadingMore={disclosures.isFetchingNextPage}
            onMore={() => void disclosures.fetchNextPage()}
          />
        </ScrollArea>
      )}
    </div>
  );
}
