import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { GitMerge } from 'lucide-react';
import type { ReactNode } from 'react';
import { whoAmIQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { DocumentsTab } from './DocumentsTab.tsx';
import { FollowUpsTab } from './FollowUpsTab.tsx';
import { MedicationsTab } from './MedicationsTab.tsx';
import { MergesTab } from './MergesTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { PatientHead } from './PatientHead.tsx';
import { PatientTimeline } from './PatientTimeline.tsx';
import { patientQuery } from './patient-queries.ts';
import { type PatientTab, tabsFor } from './patient-tabs.ts';
import { RecordTab } from './RecordTab.tsx';
import { ScoresTab } from './ScoresTab.tsx';
import { StudiesTab } from './StudiesTab.tsx';

const CONTENT: Readonly<Record<PatientTab, (props: { patientKey: string }) => ReactNode>> = {
  overview: OverviewTab,
  timeline: PatientTimeline,
  studies: StudiesTab,
  record: RecordTab,
  medications: MedicationsTab,
  documents: DocumentsTab,
  scores: ScoresTab,
  'follow-ups': FollowUpsTab,
  merges: MergesTab,
};

/** One patient: who it is, what is known, the studies, and what was made of them. */
export function PatientPage() {
  const { key } = useParams({ from: '/signed-in/patients/$key' });
  const { tab = 'overview' } = useSearch({ from: '/signed-in/patients/$key' });
  const navigate = useNavigate({ from: '/patients/$key' });
  const patient = useQuery(patientQuery(key));
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const tabs = tabsFor(whoAmI?.permissions ?? []);
  const shown = tabs.includes(tab) ? tab : 'overview';
  return (
    <AppFrame title={strings.patients.title}>
      <ScrollArea label={strings.patients.title}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          {patient.isPending && <Skeleton rows={6} label={strings.common.loading} />}
          {patient.isError && <ProblemNote error={patient.error} />}
          {patient.data && <PatientHead patient={patient.data} />}
          {patient.data?.merged_into && <MergedNote into={patient.data.merged_into} />}
          {patient.data && (
            <Tabs
              label={strings.patients.title}
              value={shown}
              onChange={(next) => void navigate({ search: next === 'overview' ? {} : { tab: next }, replace: true })}
              tabs={tabs.map((value) => {
                const Content = CONTENT[value];
                return {
                  value,
                  title: words.tabs[value],
                  content: <div className="pt-4">{value === shown && <Content patientKey={key} />}</div>,
                };
              })}
            />
          )}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function MergedNote({ into }: { into: string }) {
  return (
    <p className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-raised p-3">
      <GitMerge aria-hidden size={15} className="text-attention" />
      {words.mergedNote}
      <Link to="/patients/$key" params={{ key: into }} className="rounded-sm underline underline-offset-2">
        {words.openOther}
      </Link>
    </p>
  );
}
