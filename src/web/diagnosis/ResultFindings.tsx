import { Link } from '@tanstack/react-router';
import type { DiagnosisResults, ResultFinding } from '../../contract/diagnosis-results.ts';
import { getRenderedFrame } from '../../contract/studies.ts';
import { urlOf } from '../api.ts';
import { decimal } from '../format.ts';
import { findingTitle } from '../strings/clinical/words.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';
import { EvidenceDetails } from './EvidenceDetails.tsx';
import { SourceLine } from './SourceLine.tsx';

const text = strings.diagnosis;
const PICTURE_SIZE = 256;

type ResultFindingsProps = {
  results: DiagnosisResults;
  /** False for who sees no study: no links and no pictures. */
  showsStudies: boolean;
};

/** Every finding with who found it, by which model, and what it rests on. */
export function ResultFindings({ results: { findings, below_threshold }, showsStudies }: ResultFindingsProps) {
  return (
    <Card level={3} title={text.findings} count={findings.length}>
      {findings.length === 0 && <p className="text-muted">{words.noFindings}</p>}
      {below_threshold > 0 && <p className="text-attention">{words.belowThreshold(below_threshold)}</p>}
      <ul className="divide-y divide-line">
        {findings.map((finding) => (
          <li key={finding.finding_id} className="flex flex-wrap gap-3 py-2">
            {showsStudies && finding.heatmap !== null && <HeatMapPicture finding={finding} heatmap={finding.heatmap} />}
            <div className="min-w-0 grow basis-60">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{finding.text ?? findingTitle(finding)}</span>
                {finding.confidence !== null && <span className="tabular-nums">{decimal(100 * finding.confidence, 0)} %</span>}
                <Badge tone={finding.decision === 'proposed' ? 'ai' : 'accepted'}>{strings.findings.status[finding.decision]}</Badge>
                {showsStudies && (
                  <Link
                    to="/studies/$uid"
                    params={{ uid: finding.study_instance_uid }}
                    search={{ finding: finding.finding_id }}
                    className="ms-auto rounded-sm text-muted underline underline-offset-2 hover:text-text"
                  >
                    {finding.sop_instance_uid === null ? text.openStudy : words.evidence.openImage}
                  </Link>
                )}
              </p>
              <SourceLine source={finding.source} />
              {finding.occlusion && (
                <p className="text-sm text-muted">
                  {words.occlusion(
                    decimal(100 * finding.occlusion.probability, 0),
                    decimal(100 * finding.occlusion.covered_probability, 0),
                    finding.occlusion.regions,
                  )}
                </p>
              )}
              <EvidenceDetails evidence={finding.evidence} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The picture with what the network looked at over it. */
function HeatMapPicture({ finding, heatmap }: { finding: ResultFinding; heatmap: string }) {
  if (finding.sop_instance_uid === null) return null;
  const frame = urlOf(getRenderedFrame, { params: { sop_instance_uid: finding.sop_instance_uid }, query: { size: PICTURE_SIZE } });
  return (
    <figure className="relative size-28 shrink-0 overflow-hidden rounded-md bg-black" dir="ltr">
      <img src={frame} alt={words.heatmapOf(findingTitle(finding))} loading="lazy" className="size-full object-contain" />
      <img src={heatmap} alt="" loading="lazy" className="absolute inset-0 size-full object-contain opacity-50" />
    </figure>
  );
}
