import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AGENTS, type AgentsReports, type DrugCheckReport, type ImagingReport, type ResearchReport } from '../../contract/agents.ts';
import { DrugSafetyReport } from '../drug-safety/DrugSafetyReport.tsx';
import { DrugFacts } from '../patients/DrugFacts.tsx';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { AgentLine } from './AgentCards.tsx';
import { agentsReportsQuery } from './diagnosis-queries.ts';
import { HistoryReportView } from './HistoryReportView.tsx';

/** Everything that each agent says for itself, before the rules make results of it. */
export function AgentReportsView({ id, patientKey }: { id: string; patientKey: string }) {
  const reports = useQuery(agentsReportsQuery(id));
  if (reports.isError) return <ProblemNote error={reports.error} />;
  if (!reports.data) return <Skeleton rows={8} label={strings.common.loading} />;
  return AGENTS.map((agent) => {
    const state = reports.data[agent];
    return (
      <Card key={agent}>
        <AgentLine state={{ ...state, agent }} level={2} />
        <div className="flex flex-col gap-3 pt-2">
          {state.reason && <p className="text-attention">{state.reason}</p>}
          {state.report === null ? (
            !state.reason && <p className="text-muted">{words.nothingYet}</p>
          ) : (
            <Report agent={agent} reports={reports.data} patientKey={patientKey} />
          )}
        </div>
      </Card>
    );
  });
}

type ReportProps = { agent: keyof AgentsReports; reports: AgentsReports; patientKey: string };

function Report({ agent, reports, patientKey }: ReportProps) {
  const { monai, history, drug_checker, research } = reports;
  if (agent === 'monai' && monai.report) return <Imaging report={monai.report} />;
  if (agent === 'history' && history.report) return <HistoryReportView report={history.report} patientKey={patientKey} />;
  if (agent === 'drug_checker' && drug_checker.report) return <DrugCheck report={drug_checker.report} />;
  if (agent === 'research' && research.report) return <Research report={research.report} />;
  return null;
}

function Imaging({ report: { runs, left_out } }: { report: ImagingReport }) {
  return (
    <>
      {runs.length > 0 && (
        <Part title={strings.findings.ran}>
          {runs.map((run) => (
            <li key={run.analysis_id} className="flex flex-wrap items-baseline gap-x-3 py-1.5">
              <span className="font-medium">{run.model_id}</span>
              <span className="text-muted tabular-nums">{run.model_version}</span>
              <AiStatusBadge status={run.status} reason={run.reason} />
              {run.reason && <span className="basis-full text-sm text-muted">{run.reason}</span>}
            </li>
          ))}
        </Part>
      )}
      {left_out.length > 0 && (
        <Part title={words.leftOut}>
          {left_out.map(({ model_id, reason }) => (
            <li key={model_id} className="py-1.5">
              <span className="font-medium">{model_id}</span> <span className="text-muted">{reason}</span>
            </li>
          ))}
        </Part>
      )}
    </>
  );
}

function DrugCheck({ report: { result, facts } }: { report: DrugCheckReport }) {
  return (
    <>
      <section>
        <h3 className="text-sm font-medium text-muted">{words.factsUsed}</h3>
        <DrugFacts facts={facts} />
      </section>
      <DrugSafetyReport result={result} />
    </>
  );
}

function Research({ report }: { report: ResearchReport }) {
  return (
    <>
      {report.banner && <p className="text-attention">{report.banner}</p>}
      <p className="text-muted">
        {words.papersFound(report.papers_found)}
        {report.evidence_level && ` \u00b7 ${words.designLevel(report.evidence_level)}`}
        {report.corpus_date && ` \u00b7 ${words.corpusOf(report.corpus_date)}`}
      </p>
      <Part title={words.references}>
        {report.references.map(({ id, title, citation }) => (
          <li key={id} className="py-1.5">
            <p className="font-medium">{title}</p>
            <p className="text-sm text-muted">{citation}</p>
            <p className="text-sm text-faint">{id}</p>
          </li>
        ))}
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="text-sm font-medium text-muted">{title}</h3>
      <ul className="divide-y divide-line">{children}</ul>
    </section>
  );
}
