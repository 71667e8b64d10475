import { Ban, Check, CircleAlert, CircleHelp, ScanLine } from 'lucide-react';
import { ApiProblem } from '../api.ts';
import { galleryWords } from '../strings/gallery/words.ts';
import { strings } from '../strings/strings.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Progress } from '../ui/Progress.tsx';

const REFUSED = new ApiProblem({
  title: galleryWords.refused,
  detail: galleryWords.refusedDetail,
  request_id: '01890a5d-ac96-774b-bcce-b302099a8057',
});

/** What is said of a thing: how it stands, how far it is, that there is none, that it failed. */
export function StateSamples() {
  return (
    <>
      <Card title="Badge">
        <div className="flex flex-wrap gap-2">
          <Badge>{strings.reportStatus.draft}</Badge>
          <AiStatusBadge status="succeeded" />
          <Badge tone="accepted" icon={Check}>
            {strings.findings.status.accepted}
          </Badge>
          <Badge tone="attention" icon={CircleHelp}>
            {strings.findings.status.proposed}
          </Badge>
          <Badge tone="critical" icon={CircleAlert}>
            {strings.aiStatus.failed}
          </Badge>
          <Badge tone="attention" icon={Ban}>
            {strings.aiStatus.abstained}
          </Badge>
        </div>
      </Card>
      <Card title="Progress, Skeleton">
        <div className="flex flex-col gap-3">
          <Progress label={strings.upload.title} value={0.4} onCancel={() => {}} />
          <Progress label={strings.aiStatus.running} tone="ai" value={0.7} detail={strings.upload.active(7, 10)} />
          <Progress label={strings.common.loading} />
          <Skeleton rows={2} label={strings.common.loading} />
        </div>
      </Card>
      <Card title="EmptyState, ProblemNote">
        <EmptyState icon={ScanLine} title={strings.studies.emptyTitle} detail={strings.studies.emptyDetail}>
          <Button look="primary">{strings.studies.upload}</Button>
        </EmptyState>
        <ProblemNote error={REFUSED} action={<Button>{strings.common.retry}</Button>} />
      </Card>
    </>
  );
}
