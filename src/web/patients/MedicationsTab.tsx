import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ContrastPolicy, DrugSafetyExam } from '../../contract/drug-safety.ts';
import type { RecordKind } from '../../contract/patient-record.ts';
import { DrugSafetyReport } from '../drug-safety/DrugSafetyReport.tsx';
import { whoAmIQuery } from '../queries.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { DrugFacts } from './DrugFacts.tsx';
import { NewEntryDialog } from './NewEntryDialog.tsx';
import { patientDrugsQuery, recordQuery } from './patient-queries.ts';
import { KindCard } from './RecordTab.tsx';

const text = strings.drugSafety;
const POLICIES = { acr: 'ACR', fda: 'FDA', esur: 'ESUR' } as const;

/** What the patient takes, and what the rules on drugs say to it and to a planned contrast examination. */
export function MedicationsTab({ patientKey }: { patientKey: string }) {
  const [adding, setAdding] = useState<RecordKind>();
  const record = useQuery(recordQuery(patientKey));
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const may = (permission: string) => whoAmI?.permissions.some((granted) => granted === permission) ?? false;
  if (record.isError) return <ProblemNote error={record.error} />;
  if (!record.data) return <Skeleton rows={8} label={strings.common.loading} />;
  const medications = record.data.items.filter(({ kind }) => kind === 'medication');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <KindCard
        kind="medication"
        entries={medications.toSorted((a, b) => Number(b.status === 'active') - Number(a.status === 'active'))}
        mayWrite={may('patient:write')}
        patientKey={patientKey}
        onAdd={setAdding}
      />
      {may('drug-safety:check') && <SafetyPanel patientKey={patientKey} />}
      {adding && <NewEntryDialog patientKey={patientKey} kind={adding} onClose={() => setAdding(undefined)} />}
    </div>
  );
}

function SafetyPanel({ patientKey }: { patientKey: string }) {
  const [contrast, setContrast] = useState<DrugSafetyExam['contrast']>('none');
  const [policy, setPolicy] = useState<ContrastPolicy>('acr');
  const query = contrast === 'none' ? {} : { contrast, policy };
  const check = useQuery({ ...patientDrugsQuery(patientKey, query), placeholderData: (before) => before });
  return (
    <section aria-label={text.title} aria-live="polite" className="flex min-w-0 flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label={text.exam} value={contrast} choices={text.contrast} onChange={setContrast} />
        {contrast !== 'none' && <Select label={text.policy} value={policy} choices={POLICIES} onChange={setPolicy} />}
      </div>
      {check.isError && <ProblemNote error={check.error} />}
      {check.isPending && <Skeleton rows={5} label={strings.common.loading} />}
      {check.data && (
        <>
          <Card title={words.factsUsed}>
            {check.data.facts.length === 0 && <p className="text-attention">{words.noFacts}</p>}
            <DrugFacts facts={check.data.facts} />
          </Card>
          <DrugSafetyReport result={check.data.result} />
        </>
      )}
    </section>
  );
}
