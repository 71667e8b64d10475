import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { personName } from '../format.ts';
import { useEvents } from '../live/live.ts';
import { MeasurementsPanel } from '../measurements/MeasurementsPanel.tsx';
import { useMeasurements } from '../measurements/use-measurements.ts';
import { ComparePanel } from '../priors/ComparePanel.tsx';
import { useComparison } from '../priors/use-comparison.ts';
import { analysesQuery, findingsQuery, studyQuery } from '../queries.ts';
import { SendButton } from '../share/SendButton.tsx';
import { ShareButton } from '../share/ShareButton.tsx';
import { AppFrame } from '../shell/AppFrame.tsx';
import { useReadingRoom } from '../shell/appearance.ts';
import { PagePending } from '../shell/PageStates.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { stacksOf } from '../viewer/stack.ts';
import { Viewer } from '../viewer/Viewer.tsx';
import type { ViewerSurface } from '../viewer/viewer-surface.ts';
import { NextStudyButton } from '../worklist/NextStudyButton.tsx';
import { ReadingLockBar } from '../worklist/ReadingLockBar.tsx';
import { PatientBar } from './PatientBar.tsx';
import { StudyPanel } from './StudyPanel.tsx';

// As large as everything else of this page together: it is loaded while the study is asked for, and already when a link to one is pointed at.
void import('../viewer/engine/stack-view.ts').then(({ warmUp }) => warmUp()).catch(() => {});

/** Reading one study: the picture left, what is said about it right. */
export function StudyPage() {
  const { uid } = useParams({ from: '/signed-in/studies/$uid' });
  useReadingRoom();
  useEvents(`study:${uid}`);
  const study = useQuery(studyQuery(uid));
  if (study.isPending) return <PagePending />;
  if (!study.data) {
    return (
      <AppFrame title={strings.study.title}>
        <div className="m-auto p-4">
          <ProblemNote error={study.error} action={<Button onClick={() => void study.refetch()}>{strings.common.retry}</Button>} />
        </div>
      </AppFrame>
    );
  }
  return (
    <AppFrame
      title={strings.study.title}
      context={
        <>
          <PatientBar study={study.data} />
          <SendButton study={study.data} />
          <ShareButton uid={uid} />
          <NextStudyButton uid={uid} />
        </>
      }
    >
      <ReadingLockBar uid={uid} />
      <Reading key={uid} study={study.data} />
    </AppFrame>
  );
}

function Reading({ study }: { study: StudyDetail }) {
  const findings = useQuery(findingsQuery(study.study_instance_uid));
  const analyses = useQuery(analysesQuery(study.study_instance_uid));
  // The same stacks while only findings or reports change: the viewer would load them anew.
  const contents = stacksOf(study)
    .map(({ series }) => series.instances.map(({ sop_instance_uid }) => sop_instance_uid).join())
    .join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the instances are what the stacks are made of
  const own = useMemo(() => stacksOf(study), [contents]);
  const [surface, setSurface] = useState<ViewerSurface | null>(null);
  const comparison = useComparison({ study, stacks: own, surface });
  const stacks = useMemo(() => [...own, ...comparison.stacks], [own, comparison.stacks]);
  const measurements = useMeasurements({ uid: study.study_instance_uid, stacks: own, surface });
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const items = findings.data?.items ?? [];

  const select = (finding: Finding | undefined) => {
    setSelectedId(finding?.id ?? null);
    const on =
      finding && stacks.find(({ frames }) => frames.some(({ instance }) => instance.sop_instance_uid === finding.sop_instance_uid));
    if (!finding?.sop_instance_uid || !on) return;
    surface?.goTo({
      study_instance_uid: on.study_instance_uid,
      series_instance_uid: on.series.series_instance_uid,
      sop_instance_uid: finding.sop_instance_uid,
      frame: finding.frame ?? 1,
    });
  };

  useWanted(items, surface !== null, select);

  return (
    <div className="flex min-h-0 grow max-lg:flex-col max-lg:overflow-y-auto">
      <div className="flex min-h-0 min-w-0 grow bg-black max-lg:h-[56dvh] max-lg:shrink-0 max-lg:grow-0">
        {stacks.length > 0 ? (
          <Viewer
            stacks={stacks}
            aids={{
              findings: items,
              selectedId,
              onSelect: (id) => select(items.find((finding) => finding.id === id)),
              analyses: analyses.data?.items ?? [],
              patient: [personName(study.patient_name), study.patient_id].filter(Boolean).join('  '),
            }}
            onSurface={setSurface}
          />
        ) : (
          <div data-theme="dark" className="m-auto text-text">
            <EmptyState icon={ImageOff} title={strings.study.noPictures} detail={strings.study.noPicturesDetail} />
          </div>
        )}
      </div>
      <StudyPanel
        study={study}
        findings={findings}
        analyses={analyses}
        selectedId={selectedId}
        onSelect={select}
        measurements={<MeasurementsPanel measurements={measurements} stacks={own} surface={surface} priorLesions={comparison.lesions} />}
        measured={measurements.items.length}
        selectedMeasurement={measurements.selectedId}
        compare={<ComparePanel uid={study.study_instance_uid} comparison={comparison} />}
      />
    </div>
  );
}

/** Goes once to the finding that the address names, as soon as finding and picture are there. */
function useWanted(items: readonly Finding[], isReady: boolean, select: (finding: Finding) => void): void {
  const { finding: wanted } = useSearch({ from: '/signed-in/studies/$uid' });
  const gone = useRef<string>(undefined);
  useEffect(() => {
    const finding = items.find(({ id }) => id === wanted);
    if (!isReady || !finding || gone.current === wanted) return;
    gone.current = wanted;
    select(finding);
  }, [items, isReady, wanted, select]);
}
