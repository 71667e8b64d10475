import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { draftReport, LOCALES, type Locale, type Report } from '../../contract/reports.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { call } from '../api.ts';
import { putReport } from '../queries.ts';
import { currentLocale } from '../strings/locale.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { DraftEditor } from './DraftEditor.tsx';
import { focusReport, REPORT_START } from './focus-report.ts';
import { SignedReport } from './SignedReport.tsx';

const text = strings.report;

type ReportPanelProps = {
  study: StudyDetail;
  reports: UseQueryResult<{ items: Report[] }>;
  findings: readonly Finding[];
  selectedId: string | null;
  onSelect: (finding: Finding | undefined) => void;
};

/** From nothing to a draft, from a draft to a signed document, and from that to an amendment. */
export function ReportPanel({ study, reports, findings, selectedId, onSelect }: ReportPanelProps) {
  const uid = study.study_instance_uid;
  const openFindings = findings.filter(({ status }) => status === 'proposed').length;
  const [locale, setLocale] = useState<Locale>(currentLocale);
  // A draft that is written anew opens a fresh editor.
  const [drafted, setDrafted] = useState(0);
  const queryClient = useQueryClient();
  const draft = useMutation({
    mutationFn: (wanted: Locale) => call(draftReport, { params: { study_instance_uid: uid }, body: { locale: wanted } }),
    onSuccess: (report) => {
      putReport(queryClient, uid, report);
      setDrafted((count) => count + 1);
      return queryClient.invalidateQueries({ queryKey: ['study', uid] });
    },
  });
  useEffect(() => {
    if (drafted > 0) focusReport();
  }, [drafted]);
  if (reports.isPending) return <Skeleton rows={6} label={strings.common.loading} />;
  if (reports.isError)
    return (
      <div className="p-4">
        <ProblemNote error={reports.error} />
      </div>
    );

  const [latest, ...earlier] = reports.data.items;
  if (!latest) {
    return (
      <EmptyState icon={FileText} title={text.none} detail={openFindings > 0 ? text.open(openFindings) : text.noneDetail}>
        <select
          aria-label={text.language}
          className={`${INPUT_CLASS} w-auto!`}
          value={locale}
          onChange={(event) => setLocale(LOCALES.find((known) => known === event.target.value) ?? 'en')}
        >
          {Object.entries(text.languages).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <Button {...REPORT_START} look="primary" busy={draft.isPending} disabled={openFindings > 0} onClick={() => draft.mutate(locale)}>
          {text.draft}
        </Button>
        {draft.isError && <ProblemNote error={draft.error} />}
      </EmptyState>
    );
  }
  if (latest.status !== 'draft')
    return <SignedReport uid={uid} report={latest} earlier={earlier} findings={findings} selectedId={selectedId} />;
  return (
    <DraftEditor
      key={`${latest.id} ${drafted}`}
      study={study}
      report={latest}
      earlier={earlier}
      findings={findings}
      selectedId={selectedId}
      onSelect={onSelect}
      draft={draft}
    />
  );
}
