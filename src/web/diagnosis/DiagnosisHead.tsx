import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Braces, Download, FilePen, FileText, Share2, X } from 'lucide-react';
import { useState } from 'react';
import { cancelDiagnosis, type Diagnosis } from '../../contract/diagnosis.ts';
import { exportDiagnosis, exportDiagnosisPdf } from '../../contract/diagnosis-work.ts';
import { call, urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { patientQuery } from '../patients/patient-queries.ts';
import { whoAmIQuery } from '../queries.ts';
import { saveFile } from '../save-file.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ChangeDialog } from './ChangeDialog.tsx';
import { PriorityBadge, StatusBadge } from './DiagnosisBadges.tsx';
import { isOver } from './diagnosis-queries.ts';
import { ShareDialog } from './ShareDialog.tsx';

const text = strings.diagnosis;

/** Whose diagnosis it is, how it stands, and what can be done with it. */
export function DiagnosisHead({ diagnosis }: { diagnosis: Diagnosis }) {
  const patient = useQuery(patientQuery(diagnosis.patient_key));
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0">
        <Link
          to="/patients/$key"
          params={{ key: diagnosis.patient_key }}
          className="flex min-h-6 w-fit items-center gap-1 rounded-sm text-muted hover:text-text"
        >
          <ArrowLeft aria-hidden size={14} className="rtl:rotate-180" />
          <bdi>{patient.data?.name || strings.patients.title}</bdi>
        </Link>
        <h1 className="flex flex-wrap items-center gap-2 text-xl font-semibold tracking-tight">
          {text.title} <StatusBadge status={diagnosis.status} />
        </h1>
        <p className="flex flex-wrap items-baseline gap-x-3 text-muted">
          <PriorityBadge priority={diagnosis.priority} />
          <span className="tabular-nums">{dateTime(diagnosis.created_at)}</span>
          <span>{text.depths[diagnosis.ai_config.analysis_depth]}</span>
          <bdi>{diagnosis.patient_data.symptoms.join(', ')}</bdi>
        </p>
      </div>
      <Actions diagnosis={diagnosis} />
    </header>
  );
}

function Actions({ diagnosis }: { diagnosis: Diagnosis }) {
  const { id, status } = diagnosis;
  const [sharing, setSharing] = useState(false);
  const [changing, setChanging] = useState(false);
  const queryClient = useQueryClient();
  const whoAmI = useQuery(whoAmIQuery);
  const cancel = useMutation({
    mutationFn: () => call(cancelDiagnosis, { params: { id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['diagnosis', id] }),
  });
  const asJson = useMutation({
    mutationFn: () => call(exportDiagnosis, { params: { id } }),
    onSuccess: (exported) => saveFile(`diagnosis-${id}.json`, JSON.stringify(exported, null, 2), 'application/json'),
  });
  const mayShare = whoAmI.data?.permissions.includes('share:write') ?? false;
  const mayChange = status !== 'cancelled' && (whoAmI.data?.permissions.includes('diagnosis:write') ?? false);
  const error = cancel.error ?? asJson.error;
  return (
    <>
      <div className="ms-auto flex flex-wrap gap-2">
        {!isOver(status) && (
          <Button icon={X} busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {text.cancel}
          </Button>
        )}
        {mayChange && (
          <Button icon={FilePen} onClick={() => setChanging(true)}>
            {words.change.open}
          </Button>
        )}
        {mayShare && (
          <Button icon={Share2} onClick={() => setSharing(true)}>
            {words.share}
          </Button>
        )}
        <Menu
          trigger={
            <Button icon={Download} busy={asJson.isPending}>
              {words.export}
            </Button>
          }
          items={[
            {
              title: words.exportPdf,
              icon: FileText,
              onSelect: () => void window.open(urlOf(exportDiagnosisPdf, { params: { id } }), '_blank', 'noopener'),
            },
            { title: words.exportJson, icon: Braces, onSelect: () => asJson.mutate() },
          ]}
        />
      </div>
      {error && (
        <div className="basis-full">
          <ProblemNote error={error} />
        </div>
      )}
      {changing && <ChangeDialog diagnosis={diagnosis} onClose={() => setChanging(false)} />}
      {sharing && <ShareDialog id={id} onClose={() => setSharing(false)} />}
    </>
  );
}
