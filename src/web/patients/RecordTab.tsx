import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import { whoAmIQuery } from '../queries.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { NewEntryDialog } from './NewEntryDialog.tsx';
import { ObservationTrends } from './ObservationTrends.tsx';
import { recordQuery } from './patient-queries.ts';
import { RecordRow } from './RecordRow.tsx';

const text = strings.patients;
/** Two columns. */
const LISTED = [
  ['allergy', 'procedure'],
  ['condition', 'immunization'],
] as const satisfies readonly (readonly RecordKind[])[];
/** Of a kind; the others on demand. */
const FIRST = 20;

/** The structured record, kind by kind, with the course of what was measured more than once. */
export function RecordTab({ patientKey }: { patientKey: string }) {
  const [adding, setAdding] = useState<RecordKind>();
  const record = useQuery(recordQuery(patientKey));
  const { data: whoAmI } = useQuery(whoAmIQuery);
  if (record.isError) return <ProblemNote error={record.error} />;
  if (!record.data) return <Skeleton rows={8} label={strings.common.loading} />;
  const byKind = Map.groupBy(record.data.items, ({ kind }) => kind);
  const mayWrite = whoAmI?.permissions.includes('patient:write') ?? false;
  return (
    <div className="flex flex-col gap-4">
      {!record.data.isWhole && <p className="text-attention">{words.notWhole}</p>}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        {LISTED.map((kinds) => (
          <div key={kinds[0]} className="flex flex-col gap-4">
            {kinds.map((kind) => (
              <KindCard
                key={kind}
                kind={kind}
                entries={byKind.get(kind) ?? []}
                mayWrite={mayWrite}
                patientKey={patientKey}
                onAdd={setAdding}
              />
            ))}
          </div>
        ))}
      </div>
      <ObservationTrends
        entries={byKind.get('observation') ?? []}
        actions={
          mayWrite && (
            <Button look="quiet" icon={Plus} onClick={() => setAdding('observation')}>
              {words.addEntry}
            </Button>
          )
        }
      />
      {adding && <NewEntryDialog patientKey={patientKey} kind={adding} onClose={() => setAdding(undefined)} />}
    </div>
  );
}

type KindCardProps = {
  kind: RecordKind;
  entries: readonly RecordEntry[];
  mayWrite: boolean;
  patientKey: string;
  onAdd: (kind: RecordKind) => void;
};

export function KindCard({ kind, entries, mayWrite, patientKey, onAdd }: KindCardProps) {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, FIRST);
  return (
    <Card
      title={text.kinds[kind]}
      count={entries.length}
      actions={
        mayWrite && (
          <Button look="quiet" icon={Plus} onClick={() => onAdd(kind)}>
            {words.addEntry}
            <span className="sr-only">{text.kinds[kind]}</span>
          </Button>
        )
      }
    >
      {entries.length === 0 && <p className="text-faint">{text.nothing}</p>}
      <ul className="divide-y divide-line">
        {shown.map((entry) => (
          <RecordRow key={entry.id} entry={entry} patientKey={patientKey} mayWrite={mayWrite} />
        ))}
      </ul>
      {shown.length < entries.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {words.showAll(entries.length)}
        </Button>
      )}
    </Card>
  );
}
