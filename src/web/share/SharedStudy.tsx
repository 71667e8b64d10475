import { useQuery } from '@tanstack/react-query';
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { getReportPdf, listReports } from '../../contract/reports.ts';
import { getRenderedFrame, getStudy, type StudyDetail } from '../../contract/studies.ts';
import { call, urlOf } from '../api.ts';
import { dateTime, dicomDate } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

const SIZE = 768;

/** A study that somebody shared: its series to look through, and its signed reports. Not for reading: that needs an account. */
export function SharedStudy({ uid }: { uid: string }) {
  const study = useQuery({
    queryKey: ['shared-study', uid],
    queryFn: ({ signal }) => call(getStudy, { params: { study_instance_uid: uid } }, { signal }),
    gcTime: 0,
  });
  const reports = useQuery({
    queryKey: ['shared-study', uid, 'reports'],
    queryFn: ({ signal }) => call(listReports, { params: { study_instance_uid: uid } }, { signal }),
    gcTime: 0,
  });
  if (study.isError) return <ProblemNote error={study.error} />;
  if (!study.data) return <Skeleton rows={8} label={strings.common.loading} />;
  const series = study.data.series.filter(({ instances }) => instances.some(({ has_pixels }) => has_pixels));
  return (
    <>
      <p className="text-muted">
        <bdi>{study.data.description}</bdi> <span className="tabular-nums">{dicomDate(study.data.study_date)}</span>
      </p>
      {reports.data?.items.map(({ id, signed_at }) => (
        <a
          key={id}
          className={buttonClass('primary', 'w-fit')}
          href={urlOf(getReportPdf, { params: { id } })}
          target="_blank"
          rel="noreferrer"
        >
          {strings.report.openPdf} {signed_at && dateTime(signed_at)}
        </a>
      ))}
      {series.length === 0 && <EmptyState icon={ImageOff} title={strings.study.noPictures} detail={strings.study.noPicturesDetail} />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        {series.map((one) => (
          <Series key={one.series_instance_uid} series={one} />
        ))}
      </div>
      <p className="text-sm text-attention">{words.notForReading}</p>
    </>
  );
}

function Series({ series }: { series: StudyDetail['series'][number] }) {
  const frames = series.instances
    .filter(({ has_pixels }) => has_pixels)
    .flatMap(({ sop_instance_uid, number_of_frames }) =>
      Array.from({ length: Math.max(1, number_of_frames) }, (_, index) => ({ sop_instance_uid, frame: index + 1 })),
    );
  const [index, setIndex] = useState(Math.floor(frames.length / 2));
  const shown = frames[index];
  const title = [series.modality, series.description].filter(Boolean).join(' ');
  if (!shown) return null;
  const { sop_instance_uid, frame } = shown;
  return (
    <Card title={title}>
      <img
        src={urlOf(getRenderedFrame, { params: { sop_instance_uid }, query: { frame, size: SIZE } })}
        alt={`${title}, ${strings.viewer.slice} ${index + 1}`}
        className="aspect-square w-full rounded-md bg-black object-contain"
      />
      {frames.length > 1 && (
        <label className="flex items-center gap-3 pt-2" dir="ltr">
          <span className="sr-only">{strings.viewer.slice}</span>
          <input
            type="range"
            className="range grow"
            min={0}
            max={frames.length - 1}
            value={index}
            onChange={(event) => setIndex(Number(event.target.value))}
          />
          <span className="text-sm text-muted tabular-nums">
            {index + 1} / {frames.length}
          </span>
        </label>
      )}
    </Card>
  );
}
