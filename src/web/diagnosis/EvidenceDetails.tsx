import { decimal, evidenceLabel } from '../format.ts';
import { strings } from '../strings/strings.ts';

/** What a statement rests on: the names and numbers that lead back to findings, entries of the record and rows of knowledge. */
export function EvidenceDetails({ evidence }: { evidence: Readonly<Record<string, unknown>> }) {
  const facts = Object.entries(evidence).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (facts.length === 0) return null;
  return (
    <details className="text-sm text-muted">
      <summary className="w-fit rounded-sm hover:text-text">{strings.findings.evidence}</summary>
      <dl className="grid grid-cols-[minmax(0,12rem)_minmax(0,1fr)] gap-x-3 gap-y-0.5 py-1">
        {facts.map(([key, value]) => {
          const { label, unit } = evidenceLabel(key);
          return (
            <div key={key} className="contents">
              <dt className="text-faint">{label}</dt>
              <dd className="min-w-0 text-text tabular-nums">
                <bdi>{[valueText(value), unit].filter(Boolean).join(' ')}</bdi>
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

/** Evidence is open to what each rule can tell; nested values are shown on one line. */
function valueText(value: unknown): string {
  if (typeof value === 'number') return decimal(value, Math.abs(value) < 1 ? 3 : 1);
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, part]) => `${evidenceLabel(key).label} ${valueText(part)}`)
      .join(', ');
  return String(value);
}
