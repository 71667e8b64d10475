import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HistoryReport, RecordFact } from '../../contract/agents.ts';
import { decimal, dicomDate, unitText } from '../format.ts';
import { HistoryPatternItem } from '../patients/HistoryPatternItem.tsx';
import { relevanceReason } from '../strings/clinical/words.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';

const text = strings.patients;

/** What the record says to the case: relevant first, then patterns, then the facts themselves, each with the rule that chose it. */
export function HistoryReportView({ report, patientKey }: { report: HistoryReport; patientKey: string }) {
  return (
    <>
      {report.relevant.length > 0 && (
        <Part title={words.relevant}>
          {report.relevant.map((item) => (
            <li key={`${item.rule} ${item.title}`} className="py-1.5">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <bdi className="font-medium">{item.title}</bdi>
                <span className="text-sm text-muted">{words.mattersFor[item.matters_for]}</span>
                <span className="ms-auto text-sm text-faint tabular-nums">{item.at?.slice(0, 10)}</span>
              </p>
              <p className="text-muted">{relevanceReason(item)}</p>
              <p className="text-sm text-faint">{[item.rule, item.citation].filter(Boolean).join(' \u00b7 ')}</p>
            </li>
          ))}
        </Part>
      )}
      {report.patterns.length > 0 && (
        <Part title={words.patterns}>
          {report.patterns.map((pattern) => (
            <HistoryPatternItem key={`${pattern.rule} ${pattern.title}`} pattern={pattern} />
          ))}
        </Part>
      )}
      <div className="grid gap-x-8 gap-y-3 lg:grid-cols-2">
        <Facts title={text.kinds.condition} at={{ patientKey, tab: 'record' }} facts={report.conditions} />
        <Facts title={text.kinds.medication} at={{ patientKey, tab: 'medications' }} facts={report.medications} />
        <Facts title={text.kinds.allergy} at={{ patientKey, tab: 'record' }} facts={report.allergies} />
        <Facts title={words.labs} at={{ patientKey, tab: 'record' }} facts={report.labs} />
      </div>
      {report.priors.length > 0 && (
        <Part title={words.priors}>
          {report.priors.map(({ study_instance_uid, study_date, modalities }) => (
            <li key={study_instance_uid} className="py-1">
              <Link to="/studies/$uid" params={{ uid: study_instance_uid }} className="flex gap-x-3 rounded-sm hover:underline">
                <span className="font-medium">{modalities.join(', ')}</span>
                <span className="tabular-nums">{dicomDate(study_date)}</span>
              </Link>
            </li>
          ))}
        </Part>
      )}
    </>
  );
}

type FactsProps = { title: string; facts: readonly RecordFact[]; at: { patientKey: string; tab: 'record' | 'medications' } };

/** Facts of the record, with the way to where they stand in it. */
function Facts({ title, facts, at }: FactsProps) {
  return (
    <Part title={title}>
      {facts.length === 0 && <li className="py-1 text-faint">{text.nothing}</li>}
      {facts.length > 0 && (
        <li className="py-1">
          <Link
            to="/patients/$key"
            params={{ key: at.patientKey }}
            search={{ tab: at.tab }}
            className="rounded-sm text-sm text-muted underline underline-offset-2 hover:text-text"
          >
            {words.evidence.openEntry}
            <span className="sr-only">: {title}</span>
          </Link>
        </li>
      )}
      {facts.map((fact) => (
        <li key={fact.record_entry_id} className="flex flex-wrap items-baseline gap-x-3 py-1">
          <bdi>{fact.text}</bdi>
          {fact.value !== null && (
            <bdi className="tabular-nums">
              {decimal(fact.value)} {unitText(fact.unit ?? '')}
            </bdi>
          )}
          <span className="ms-auto text-sm text-faint tabular-nums">{fact.at?.slice(0, 10)}</span>
        </li>
      ))}
    </Part>
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
