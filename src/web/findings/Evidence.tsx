import { useQuery } from '@tanstack/react-query';
import type { Analysis } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import { dateTime, decimal, evidenceLabel } from '../format.ts';
import { modelsQuery } from '../queries.ts';
import { findingsWords as more } from '../strings/findings/words.ts';
import { strings } from '../strings/strings.ts';
import { wordOf } from './CorrectionFields.tsx';

const text = strings.findings;
const TITLE_SUFFIX = /_title$/;

/** What a finding rests on: numbers, model and version, who decided, and the disclaimer. */
export function Evidence({ finding, run }: { finding: Finding; run: Analysis | undefined }) {
  const models = useQuery(modelsQuery);
  const title = models.data?.items.find(({ card }) => card.id === run?.model_id)?.card.title ?? run?.model_id;
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-3 gap-y-1">
        {evidenceFacts(finding.evidence).map(([key, value]) => {
          const { label, unit } = evidenceLabel(key.replace(TITLE_SUFFIX, ''));
          const known = (more.fields as Readonly<Record<string, string>>)[key.replace(TITLE_SUFFIX, '')];
          return <Fact key={key} label={known ?? label} value={withUnit(value, unit)} said={saidOtherwise(finding, key, unit)} />;
        })}
        {finding.proposed && finding.proposed.title !== finding.title && (
          <Fact label={more.title} value={finding.title} said={finding.proposed.title} />
        )}
        <Fact label={text.model} value={run ? `${title} ${run.model_version}` : text.person} />
        {finding.reviewed_at && finding.reviewed_by && (
          <Fact label={text.status[finding.status]} value={`${text.by} ${finding.reviewed_by}, ${dateTime(finding.reviewed_at)}`} />
        )}
      </dl>
      {finding.disclaimer && (
        <p className="text-sm text-faint">
          <bdi>{finding.disclaimer}</bdi>
        </p>
      )}
    </div>
  );
}

/** What the model said of something that the reader has corrected. */
function saidOtherwise({ evidence, proposed }: Finding, key: string, unit: string): string | undefined {
  if (!proposed || !(key in proposed.evidence) || proposed.evidence[key] === evidence[key]) return undefined;
  return withUnit(proposed.evidence[key], unit);
}

function withUnit(value: unknown, unit: string): string {
  return [typeof value === 'string' ? wordOf(value) : valueText(value), unit].filter(Boolean).join(' ');
}

function Fact({ label, value, said }: { label: string; value: string; said?: string | undefined }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">
        <bdi>{value}</bdi>
        {said !== undefined && <span className="block text-sm text-faint">{more.modelSaid(said)}</span>}
      </dd>
    </>
  );
}

/** Where a code comes with its title, the title alone is for the reader. */
function evidenceFacts(evidence: Finding['evidence']): [string, unknown][] {
  return Object.entries(evidence).filter(([key]) => !(`${key}_title` in evidence));
}

/** Evidence is open to what each model can tell; nested values are shown on one line. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return decimal(value, Math.abs(value) < 1 ? 3 : 1);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, part]) => `${evidenceLabel(key).label} ${valueText(part)}`)
      .join(', ');
  return value === null || value === undefined ? '' : String(value);
}
