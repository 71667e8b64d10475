import { Link } from '@tanstack/react-router';
import { Crosshair } from 'lucide-react';
import type { ResultFinding } from '../../contract/diagnosis-results.ts';
import { wordOf } from '../findings/CorrectionFields.tsx';
import { findingGist } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';

/** From what was concluded to the images that it rests on: each opens with the finding selected, at its place. */
export function FindingLinks({ ids, findings }: { ids: readonly string[]; findings: readonly ResultFinding[] }) {
  const meant = findings.filter(({ finding_id }) => ids.includes(finding_id));
  if (meant.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-4">
      {meant.map((finding) => (
        <li key={finding.finding_id}>
          <Link
            to="/studies/$uid"
            params={{ uid: finding.study_instance_uid }}
            search={{ finding: finding.finding_id }}
            className="inline-flex min-h-6 items-center gap-1.5 rounded-sm text-sm text-muted hover:text-text"
          >
            <Crosshair aria-hidden size={13} className="shrink-0" />
            <span className="sr-only">{words.evidence.openImage}: </span>
            <span className="underline underline-offset-2">
              <bdi>{[finding.title, findingGist(finding.evidence, wordOf)].filter(Boolean).join(', ')}</bdi>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The ids in what a rule tells of its evidence. */
export function findingIdsOf(evidence: Readonly<Record<string, unknown>>): string[] {
  const ids = evidence['finding_ids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
