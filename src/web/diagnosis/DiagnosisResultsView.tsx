import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleDashed, ClipboardList } from 'lucide-react';
import type { DiagnosisCandidate, DiagnosisResults, ResultFinding, ResultSource, Severity } from '../../contract/diagnosis-results.ts';
import { decimal } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';
import { EvidenceDetails } from './EvidenceDetails.tsx';
import { FindingLinks, findingIdsOf } from './FindingLinks.tsx';
import { ResultFindings } from './ResultFindings.tsx';
import { SourceLine } from './SourceLine.tsx';

const text = strings.diagnosis;
const TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', moderate: 'attention', high: 'critical', critical: 'critical' };

type DiagnosisResultsViewProps = {
  results: DiagnosisResults;
  /** False for the holder of a link, who sees no study. */
  showsStudies?: boolean;
  /** Whose record the rules went by, for who may open it. */
  patientKey?: string;
};

/** What the agents came to. Until a person has signed it says so, and what is missing stands before what is there. */
export function DiagnosisResultsView({ results, showsStudies = true, patientKey }: DiagnosisResultsViewProps) {
  const isSigned = results.status === 'signed';
  const rests = { findings: showsStudies ? results.findings : [], patientKey };
  return (
    <section aria-label={text.results} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg font-semibold">{text.results}</h2>
        <Badge tone={isSigned ? 'accepted' : 'attention'} icon={isSigned ? CircleCheck : CircleDashed}>
          {text.resultStatuses[results.status]}
        </Badge>
        {results.severity && (
          <Badge tone={TONES[results.severity]} icon={CircleAlert}>
            {text.severity}: {text.severities[results.severity]}
          </Badge>
        )}
      </div>
      <Missing results={results} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <Card level={3} title={text.primary}>
          {results.primary_diagnosis ? (
            <Candidate candidate={results.primary_diagnosis} rests={rests} />
          ) : (
            <p className="text-muted">{text.noPrimary}</p>
          )}
          {results.statement && (
            <p className="pt-1 text-sm text-muted">
              <bdi>{results.statement}</bdi>
            </p>
          )}
          {results.secondary_diagnoses.length > 0 && <h4 className="pt-3 pb-0.5 text-sm font-medium text-muted">{text.secondary}</h4>}
          {results.secondary_diagnoses.map((candidate) => (
            <Candidate key={candidate.code} candidate={candidate} rests={rests} />
          ))}
        </Card>
        <Recommendations results={results} rests={rests} />
      </div>
      <SeverityReasons results={results} rests={rests} />
      <ResultFindings results={results} showsStudies={showsStudies} />
      <p className="text-sm text-muted">
        <bdi>{results.disclaimer}</bdi>
      </p>
    </section>
  );
}

/** What no agent could judge: as clear as a finding, and before all of them. */
function Missing({ results: { missing } }: { results: DiagnosisResults }) {
  if (missing.length === 0) return null;
  return (
    <Card level={3} title={text.missing}>
      {missing.map(({ agent, reason }) => (
        <p key={agent} className="flex gap-2 text-attention">
          <CircleAlert aria-hidden size={14} className="mt-0.75 shrink-0" />
          <span>
            {text.agents[agent]}: <bdi>{reason}</bdi>
          </span>
        </p>
      ))}
    </Card>
  );
}

/** What leads from a statement to what it rests on. */
type Rests = { findings: readonly ResultFinding[]; patientKey: string | undefined };

function Candidate({ candidate, rests }: { candidate: DiagnosisCandidate; rests: Rests }) {
  return (
    <div className="py-1">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-medium">{candidate.title}</bdi>
        {candidate.confidence !== null && <span className="tabular-nums">{decimal(100 * candidate.confidence, 0)} %</span>}
        <Badge tone={candidate.decision === 'proposed' ? 'ai' : 'accepted'}>{strings.findings.status[candidate.decision]}</Badge>
      </p>
      <SourceLine source={candidate.source} />
      <FindingLinks ids={candidate.finding_ids} findings={rests.findings} />
    </div>
  );
}

type PartProps = { results: DiagnosisResults; rests: Rests };

function Recommendations({ results: { recommendations }, rests }: PartProps) {
  return (
    <Card level={3} title={text.recommendations} count={recommendations.length}>
      {recommendations.length === 0 && <p className="text-muted">{words.noRecommendations}</p>}
      <ul className="divide-y divide-line">
        {recommendations.map((recommendation) => (
          <li key={`${recommendation.text} ${recommendation.source.rule}`} className="py-1.5">
            <p className="flex items-baseline gap-x-2">
              <Badge tone={TONES[recommendation.urgency]}>{text.severities[recommendation.urgency]}</Badge>
              <bdi className="min-w-0">{recommendation.text}</bdi>
            </p>
            <SourceLine source={recommendation.source} />
            <RestsOn evidence={recommendation.evidence} source={recommendation.source} rests={rests} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SeverityReasons({ results: { severity_reasons }, rests }: PartProps) {
  if (severity_reasons.length === 0) return null;
  return (
    <Card level={3} title={words.severityReasons}>
      <ul className="divide-y divide-line">
        {severity_reasons.map((reason) => (
          <li key={`${reason.source.rule} ${reason.text}`} className="py-1.5">
            <p className="flex items-baseline gap-x-2">
              <Badge tone={TONES[reason.severity]}>{text.severities[reason.severity]}</Badge>
              <bdi className="min-w-0">{reason.text}</bdi>
            </p>
            <SourceLine source={reason.source} />
            <RestsOn evidence={reason.evidence} source={reason.source} rests={rests} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

type RestsOnProps = { evidence: Readonly<Record<string, unknown>>; source: ResultSource; rests: Rests };

/** The images, the record, and the numbers behind a statement; ids are links and no text. */
function RestsOn({ evidence, source: { agent }, rests: { findings, patientKey } }: RestsOnProps) {
  const { finding_ids: _, ...facts } = evidence;
  return (
    <>
      <FindingLinks ids={findingIdsOf(evidence)} findings={findings} />
      {agent === 'drug_checker' && patientKey !== undefined && (
        <Link
          to="/patients/$key"
          params={{ key: patientKey }}
          search={{ tab: 'medications' }}
          className="inline-flex min-h-6 items-center gap-1.5 rounded-sm text-sm text-muted hover:text-text"
        >
          <ClipboardList aria-hidden size={13} className="shrink-0" />
          <span className="underline underline-offset-2">{words.evidence.openEntry}</span>
        </Link>
      )}
      <EvidenceDetails evidence={facts} />
    </>
  );
}
