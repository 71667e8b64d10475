import { FlaskConical } from 'lucide-react';
import type { StudyDetail } from '../../contract/studies.ts';
import { demographics, dicomDate, personName } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { Badge } from '../ui/Badge.tsx';

/** Who and what is being read, always in sight. */
export function PatientBar({ study }: { study: StudyDetail }) {
  const facts = [study.description, study.modalities.join(', '), dicomDate(study.study_date), study.accession_number].filter(Boolean);
  return (
    <div className="flex min-h-9 min-w-0 grow flex-wrap overflow-hidden items-center gap-x-3 gap-y-0.5 border-line py-1 lg:h-10 lg:flex-nowrap lg:py-0 max-lg:border-t lg:border-s lg:ps-3">
      <h1 dir="auto" className="max-w-full min-w-0 truncate text-lg font-semibold lg:max-w-1/2 lg:shrink-0">
        {personName(study.patient_name) || strings.studies.unnamed}
      </h1>
      <p className="min-w-0 truncate text-muted lg:min-w-24 lg:shrink-[3]">
        {[study.patient_id, demographics(study)].filter(Boolean).join(' \u00b7 ')}
      </p>
      <p dir="auto" className="min-w-0 truncate text-muted max-sm:hidden lg:shrink-[100]">
        {facts.join(' \u00b7 ')}
      </p>
      <span className="flex shrink-0 gap-1.5 max-lg:ms-auto">
        {study.is_synthetic && <Badge icon={FlaskConical}>{strings.studies.synthetic}</Badge>}
        <AiStatusBadge status={study.status === 'receiving' ? 'receiving' : study.analysis_status} reason={study.analysis_reason} />
      </span>
    </div>
  );
}
