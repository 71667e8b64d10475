import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { DiagnosisCandidate, DiagnosisResults, Severity } from '../../contract/diagnosis-results.ts';
import { decimal } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';
import { EvidenceDetails } from './EvidenceDetails.tsx';
import { ResultFindings } from './ResultFindings.tsx';
import { SourceLine } from './SourceLine.tsx';

const text = strings.diagnosis;
const TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', moderate: 'attention', high: 'critical', critical: 'critical' };

type DiagnosisResultsViewProps = {
  results: DiagnosisResults;
  /** False for the holder of a link, who sees no study. */
  showsStudies?: boolean;
};

/** What the agents came to. Until a person has signed it says so, and what is missing stands before what is there. */
export function DiagnosisResultsView({ results, showsStudies = true }: DiagnosisResultsViewProps) {
  const isSigned = results.status === 'signed';
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
          {results.primary_diagnosis ? <Candidate candidate={results.primary_diagnosis} /> : <p className="text-muted">{text.noPrimary}</p>}
          {results.statement && (
            <p className="pt-1 text-sm text-muted">
              <bdi>{results.statement}</bdi>
            </p>
          )}
          {results.secondary_diagnoses.length > 0 && <h4 className="pt-3 pb-0.5 text-sm font-medium text-muted">{text.secondary}</h4>}
          {results.secondary_diagnoses.map((candidate) => (
            <Candidate key={candidate.code} candidate={candidate} />
          ))}
        </Card>
        <Recommendations results={results} />
      </div>
      <SeverityReasons results={results} />
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

function Candidate({ candidate }: { candidate: DiagnosisCandidate }) {
  return (
    <div className="py-1">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-medium">{candidate.title}</bdi>
        {candidate.confidence !== null && <span className="tabular-nums">{decimal(100 * candidate.confidence, 0)} %</span>}
        <Badge tone={candidate.decision === 'proposed' ? 'ai' : 'accepted'}>{strings.findings.status[candidate.decision]}</Badge>
      </p>
      <SourceLine source={candidate.source} />
    </div>
  );
}

function Recommendations({ results: { recommendations } }: { results: DiagnosisResults }) {
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
            <EvidenceDetails evidence={recommendation.evidence} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SeverityReasons({ results: { severity_reasons } }: { results: DiagnosisResults }) {
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
            <EvidenceDetails evidence={reason.evidence} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
