import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Tabs } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Analysis } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { FindingsPanel } from '../findings/FindingsPanel.tsx';
import { reportsQuery } from '../queries.ts';
import { focusReport } from '../report/focus-report.ts';
import { ReportPanel } from '../report/ReportPanel.tsx';
import { useReportKeys } from '../report/use-report-keys.ts';
import { strings } from '../strings/strings.ts';

type StudyPanelProps = {
  study: StudyDetail;
  findings: UseQueryResult<{ items: Finding[] }>;
  analyses: UseQueryResult<{ items: Analysis[] }>;
  selectedId: string | null;
  onSelect: (finding: Finding | undefined) => void;
};

/** Findings first, then the report made of them. */
export function StudyPanel({ study, findings, analyses, selectedId, onSelect }: StudyPanelProps) {
  const [tab, setTab] = useState('findings');
  const reports = useQuery(reportsQuery(study.study_instance_uid));
  const open = findings.data?.items.filter(({ status }) => status === 'proposed').length ?? 0;
  const latest = reports.data?.items[0];
  useReportKeys({
    w: () => {
      // It has to be there before it can take the focus.
      flushSync(() => setTab('report'));
      focusReport();
    },
    b: () => setTab('findings'),
  });
  const locked = latest !== undefined && latest.status !== 'draft';
  return (
    <Tabs.Root
      value={tab}
      onValueChange={setTab}
      asChild
      // Arrow keys belong to the slices: a tab opens when it is activated, not when it is focused.
      activationMode="manual"
    >
      <aside
        aria-label={strings.study.panel}
        className="flex shrink-0 flex-col border-line bg-surface max-lg:border-t lg:w-88 lg:border-s xl:w-96"
      >
        <Tabs.List className="flex h-10 shrink-0 gap-4 border-b border-line px-4">
          <Tab value="findings">
            {strings.study.findingsTab}
            {open > 0 && <Count>{open}</Count>}
          </Tab>
          <Tab value="report">
            {strings.study.reportTab}
            {latest && <Count>{strings.reportStatus[latest.status]}</Count>}
          </Tab>
        </Tabs.List>
        <Tabs.Content value="findings" className="min-h-0 grow outline-none lg:overflow-y-auto" tabIndex={-1}>
          <FindingsPanel
            study={study}
            findings={findings}
            analyses={analyses}
            locked={locked}
            selectedId={selectedId}
            onSelect={onSelect}
          />
        </Tabs.Content>
        <Tabs.Content value="report" className="min-h-0 grow outline-none lg:overflow-y-auto" tabIndex={-1}>
          <ReportPanel study={study} reports={reports} findings={findings.data?.items ?? []} selectedId={selectedId} onSelect={onSelect} />
        </Tabs.Content>
      </aside>
    </Tabs.Root>
  );
}

function Tab({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={value}
      className="-mx-1 -mb-px flex items-center gap-2 border-b-2 border-transparent px-1 text-muted outline-offset-[-2px] hover:text-text data-[state=active]:border-strong data-[state=active]:font-medium data-[state=active]:text-text"
    >
      {children}
    </Tabs.Trigger>
  );
}

function Count({ children }: { children: ReactNode }) {
  return <span className="rounded-sm bg-hover px-1.5 text-sm font-normal text-text">{children}</span>;
}
