import { CircleHelp, Info, type LucideIcon, OctagonX, TriangleAlert } from 'lucide-react';
import type { AlertSeverity, DrugSafetyAlert, DrugSafetyResult, UnderstoodMedication } from '../../contract/drug-safety.ts';
import { decimal } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';

const text = strings.drugSafety;
const LOOK: Readonly<Record<AlertSeverity, { tone: Tone; icon: LucideIcon }>> = {
  contraindicated: { tone: 'critical', icon: OctagonX },
  major: { tone: 'critical', icon: TriangleAlert },
  moderate: { tone: 'attention', icon: TriangleAlert },
  minor: { tone: 'neutral', icon: Info },
};

/** What the check found, what it did not look at, and how it read the list. */
export function DrugSafetyReport({ result }: { result: DrugSafetyResult }) {
  return (
    <>
      <h2 className="text-lg font-semibold">{result.alerts.length > 0 ? text.alerts(result.alerts.length) : text.none}</h2>
      {result.alerts.length === 0 && <p className="text-muted">{text.noneDetail}</p>}
      {result.alerts.length > 0 && (
        <ul className="flex flex-col gap-3">
          {result.alerts.map((alert) => (
            <AlertCard key={`${alert.rule_id} ${alert.drugs.join()}`} alert={alert} />
          ))}
        </ul>
      )}
      {result.not_checked.length > 0 && (
        <Card level={3} title={text.notChecked}>
          <ul className="flex flex-col gap-1">
            {result.not_checked.map(({ text: line, reason }) => (
              <li key={`${line} ${reason}`} className="flex gap-2">
                <CircleHelp aria-hidden size={14} className="mt-0.75 shrink-0 text-attention" />
                <span className="min-w-0">
                  <bdi className="font-medium">{line}</bdi> <span className="text-muted">{reason}</span>
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {result.medications.length > 0 && (
        <Card level={3} title={text.understood}>
          <ul className="flex flex-col divide-y divide-line">
            {result.medications.map((medication, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same line may stand twice, and the order is that of the list
              <Understood key={index} medication={medication} />
            ))}
          </ul>
        </Card>
      )}
      <p className="text-sm text-muted">
        {text.knowledge}: {result.knowledge.map(({ source, version }) => `${source} ${version}`).join(', ')}
      </p>
      <p className="text-sm text-muted">
        <bdi>{result.disclaimer}</bdi>
      </p>
    </>
  );
}

function AlertCard({ alert }: { alert: DrugSafetyAlert }) {
  const { tone, icon } = LOOK[alert.severity];
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tone} icon={icon}>
          {text.severity[alert.severity]}
        </Badge>
        {alert.display === 'passive' && <Badge>{text.passive}</Badge>}
        <h3 className="font-semibold">
          <bdi>{alert.drugs.join(' + ')}</bdi>
        </h3>
      </div>
      <p>{alert.effect}</p>
      <p>
        <span className="text-muted">{text.management}: </span>
        {alert.management}
      </p>
      {alert.depends_on.length > 0 && (
        <p className="flex gap-2 text-attention">
          <CircleHelp aria-hidden size={14} className="mt-0.75 shrink-0" />
          {text.dependsOn}: {alert.depends_on.join(', ')}
        </p>
      )}
      <details className="text-sm text-muted">
        <summary className="w-fit rounded-sm hover:text-text">{text.evidence}</summary>
        {alert.mechanism && (
          <p className="pt-1">
            {text.mechanism}: {alert.mechanism}
          </p>
        )}
        <p className="pt-1">
          {alert.evidence}. {alert.citation}
        </p>
        <p className="pt-1 text-faint">{alert.rule_id}</p>
      </details>
    </li>
  );
}

function Understood({ medication }: { medication: UnderstoodMedication }) {
  const { dose_mg, doses_per_day, route, as_needed, corrected, unread } = medication;
  const how = [
    dose_mg === null ? '' : `${decimal(dose_mg, 3)} mg`,
    doses_per_day === null ? '' : `${decimal(doses_per_day)} \u00d7 ${text.perDay}`,
    route ?? '',
    as_needed ? text.asNeeded : '',
  ];
  return (
    <li className="flex flex-col gap-0.5 py-1.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <bdi className="text-muted">{medication.text}</bdi>
        <span aria-hidden className="text-faint rtl:-scale-x-100">
          {'\u2192'}
        </span>
        <bdi className="font-medium">{medication.drugs.join(' + ')}</bdi>
        <bdi className="tabular-nums">{how.filter(Boolean).join(' \u00b7 ')}</bdi>
      </p>
      {corrected && (
        <Badge tone="attention" icon={CircleHelp}>
          {text.corrected}
        </Badge>
      )}
      {unread.length > 0 && (
        <p className="text-sm text-attention">
          {text.unread}: <bdi>{unread.join(' ')}</bdi>
        </p>
      )}
    </li>
  );
}
