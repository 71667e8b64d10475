import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { DiagnosisCandidate, DiagnosisResults, ResultSource, Severity } from '../../contract/diagnosis-results.ts';
import { decimal } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';

const text = strings.diagnosis;
const TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', moderate: 'attention', high: 'critical', critical: 'critical' };

/** What the agents came to. Until a person has signed it says so, and what is missing stands before what is there. */
export function DiagnosisResultsView({ results }: { results: DiagnosisResults }) {
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
      {results.missing.length > 0 && (
        <Card level={3} title={text.missing}>
          {results.missing.map(({ agent, reason }) => (
            <p key={agent} className="flex gap-2 text-attention">
              <CircleAlert aria-hidden size={14} className="mt-0.75 shrink-0" />
              <span>
                {text.agents[agent]}: {reason}
              </span>
            </p>
          ))}
        </Card>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <Card level={3} title={text.primary}>
          {results.primary_diagnosis ? <Candidate candidate={results.primary_diagnosis} /> : <p className="text-muted">{text.noPrimary}</p>}
          {results.statement && <p className="pt-1 text-sm text-muted">{results.statement}</p>}
          {results.secondary_diagnoses.length > 0 && <h4 className="pt-3 pb-0.5 text-sm font-medium text-muted">{text.secondary}</h4>}
          {results.secondary_diagnoses.map((candidate) => (
            <Candidate key={candidate.code} candidate={candidate} />
          ))}
        </Card>
        <Recommendations results={results} />
      </div>
      <Findings results={results} />
      <p className="text-sm text-muted">{results.disclaimer}</p>
    </section>
  );
}

function Candidate({ candidate }: { candidate: DiagnosisCandidate }) {
  return (
    <div className="py-1">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">{candidate.title}</span>
        {candidate.confidence !== null && <span className="tabular-nums">{percent(candidate.confidence)}</span>}
        <Badge tone={candidate.decision === 'proposed' ? 'ai' : 'accepted'}>{strings.findings.status[candidate.decision]}</Badge>
      </p>
      <Source source={candidate.source} />
    </div>
  );
}

function Recommendations({ results }: { results: DiagnosisResults }) {
  return (
    <Card level={3} title={text.recommendations}>
      {results.recommendations.length === 0 && <p className="text-muted">{strings.patients.nothing}</p>}
      <ul className="divide-y divide-line">
        {results.recommendations.map((recommendation) => (
          <li key={`${recommendation.text} ${recommendation.source.rule}`} className="py-1.5">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span>{recommendation.text}</span>
              <Badge tone={TONES[recommendation.urgency]}>{text.severities[recommendation.urgency]}</Badge>
            </p>
            <Source source={recommendation.source} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Findings({ results }: { results: DiagnosisResults }) {
  if (results.findings.length === 0) return null;
  return (
    <Card level={3} title={text.findings}>
      <ul className="divide-y divide-line">
        {results.findings.map((finding) => (
          <li key={finding.finding_id} className="py-1.5">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{finding.text ?? finding.title}</span>
              {finding.confidence !== null && <span className="tabular-nums">{percent(finding.confidence)}</span>}
              <Badge tone={finding.decision === 'proposed' ? 'ai' : 'accepted'}>{strings.findings.status[finding.decision]}</Badge>
              <Link
                to="/studies/$uid"
                params={{ uid: finding.study_instance_uid }}
                className="ms-auto rounded-sm text-muted underline underline-offset-2 hover:text-text"
              >
                {text.openStudy}
              </Link>
            </p>
            <Source source={finding.source} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Source({ source }: { source: ResultSource }) {
  const model = source.model_id ? `${source.model_id} ${source.model_version ?? ''}` : '';
  return (
    <p className="text-sm text-faint">
      {[source.agent ? text.agents[source.agent] : '', model, source.rule, source.citation ?? ''].filter(Boolean).join(' \u00b7 ')}
    </p>
  );
}

function percent(share: number): string {
  return `${decimal(100 * share, 0)} %`;
}
