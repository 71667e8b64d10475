import { useQuery } from '@tanstack/react-query';
import { FileText, ImageOff } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { StudyDetail } from '../../contract/studies.ts';
import { personName } from '../format.ts';
import { reportsQuery, studyQuery } from '../queries.ts';
import { PagePending } from '../shell/PageStates.tsx';
import { entryWords } from '../strings/entry/words.ts';
import { strings } from '../strings/strings.ts';
import { PatientBar } from '../study/PatientBar.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { stacksOf } from '../viewer/stack.ts';
import { Viewer } from '../viewer/Viewer.tsx';
import { SharedFrame } from './SharedFrame.tsx';
import { SharedReport } from './SharedReport.tsx';

const { share: text } = entryWords;

type SharedViewProps = { uid: string; showsStudy: boolean; onClose: () => void };

/** What a link shows, and nothing else: the pictures with the signed report, or the report alone. */
export function SharedView({ uid, showsStudy, onClose }: SharedViewProps) {
  const [tab, setTab] = useState<'images' | 'report'>('images');
  const report = <Report uid={uid} />;
  if (!showsStudy)
    return (
      <SharedFrame onClose={onClose}>
        <h1 className="sr-only">{text.report}</h1>
        {report}
      </SharedFrame>
    );
  return (
    <Study uid={uid} onClose={onClose}>
      {(study) => (
        <Tabs
          label={text.title}
          className="grow [&>[role=tablist]]:px-4 max-md:[&>[role=tablist]]:px-3"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'images', title: text.images, content: <Images study={study} /> },
            { value: 'report', title: text.report, content: report },
          ]}
        />
      )}
    </Study>
  );
}

function Study({ uid, onClose, children }: { uid: string; onClose: () => void; children: (study: StudyDetail) => ReactNode }) {
  const study = useQuery(studyQuery(uid));
  if (study.isPending) return <PagePending />;
  if (study.isError)
    return (
      <SharedFrame onClose={onClose}>
        <div className="m-auto p-4">
          <ProblemNote error={study.error} action={<Button onClick={() => void study.refetch()}>{strings.common.retry}</Button>} />
        </div>
      </SharedFrame>
    );
  return (
    <SharedFrame onClose={onClose} context={<PatientBar study={study.data} />}>
      {children(study.data)}
    </SharedFrame>
  );
}

function Images({ study }: { study: StudyDetail }) {
  const stacks = useMemo(() => stacksOf(study), [study]);
  const aids = useMemo(
    () => ({ findings: [], selectedId: null, onSelect: () => {}, analyses: [], patient: personName(study.patient_name) }),
    [study.patient_name],
  );
  return (
    <div className="flex h-full min-h-0 bg-black">
      {stacks.length > 0 ? (
        <Viewer stacks={stacks} aids={aids} />
      ) : (
        <div data-theme="dark" className="m-auto text-text">
          <EmptyState icon={ImageOff} title={strings.study.noPictures} detail={strings.study.noPicturesDetail} />
        </div>
      )}
    </div>
  );
}

function Report({ uid }: { uid: string }) {
  const reports = useQuery(reportsQuery(uid));
  if (reports.isPending) return <Skeleton rows={8} label={strings.common.loading} />;
  if (reports.isError)
    return (
      <div className="p-4">
        <ProblemNote error={reports.error} />
      </div>
    );
  const [latest] = reports.data.items.filter(({ status }) => status !== 'draft');
  if (!latest) return <EmptyState icon={FileText} title={text.noReport} detail={text.noReportDetail} />;
  return <SharedReport report={latest} />;
}
