import { Link } from '@tanstack/react-router';
import {
  CheckCircle2,
  CircleAlert,
  CircleDashed,
  CirclePause,
  CircleSlash2,
  CopyCheck,
  type LucideIcon,
  Pause,
  Play,
  RotateCw,
  WifiOff,
  X,
} from 'lucide-react';
import { byteSize } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { TONE_TEXT, type Tone } from '../ui/Badge.tsx';
import { IconButton } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { TOGETHER_MAX_BYTES, type UploadItem, type UploadState } from './items.ts';
import { cancelUpload, isUnfinished, pauseUpload, retryUpload, showUploads } from './queue.ts';

const text = strings.upload;
const LOOKS: Record<UploadState, { tone: Tone; icon: LucideIcon }> = {
  waiting: { tone: 'neutral', icon: CircleDashed },
  sending: { tone: 'neutral', icon: CircleDashed },
  checking: { tone: 'neutral', icon: CircleDashed },
  interrupted: { tone: 'attention', icon: WifiOff },
  paused: { tone: 'neutral', icon: CirclePause },
  stored: { tone: 'accepted', icon: CheckCircle2 },
  already_held: { tone: 'neutral', icon: CopyCheck },
  refused: { tone: 'critical', icon: CircleAlert },
  failed: { tone: 'critical', icon: CircleAlert },
  cancelled: { tone: 'neutral', icon: CircleSlash2 },
};

/** One file: how far it is, what became of it and why. */
export function UploadRow({ item }: { item: UploadItem }) {
  const { tone, icon: Icon } = LOOKS[item.state];
  const sending = item.state === 'sending' || item.state === 'checking';
  const inside = item.result && item.result.items.length > 1 ? item.result : null;
  const study = item.result?.items.find((line) => line.study_instance_uid)?.study_instance_uid;
  return (
    <li className="flex flex-col border-b border-line py-1 [contain-intrinsic-size:auto_40px] [content-visibility:auto] last:border-0">
      <div className="flex h-8 items-center gap-2">
        <Icon aria-hidden size={15} className={cx('shrink-0', TONE_TEXT[tone])} />
        <span className="min-w-0 grow truncate" title={item.name}>
          {item.name}
        </span>
        {study && (
          <Link
            to="/studies/$uid"
            params={{ uid: study }}
            onClick={() => showUploads(false)}
            className="shrink-0 text-sm underline underline-offset-2"
          >
            {text.openStudy}
          </Link>
        )}
        <span className="shrink-0 text-sm text-muted max-sm:hidden">{byteSize(item.file.size)}</span>
        <span className={cx('min-w-22 shrink-0 text-end text-sm', TONE_TEXT[tone])}>
          {sending ? progressText(item) : text.state[item.state]}
        </span>
        <Controls item={item} />
      </div>
      {sending && <progress className="sr-only" aria-label={item.name} value={item.sentBytes} max={item.file.size} />}
      {sending && (
        <div aria-hidden className="mb-1 ms-6 h-0.5 overflow-hidden rounded-sm bg-hover">
          <div className="h-full bg-strong" style={{ width: `${(100 * item.sentBytes) / Math.max(1, item.file.size)}%` }} />
        </div>
      )}
      {item.reason && (
        <p className="ms-6 pb-1 text-sm text-muted">
          {item.reason}
          {item.requestId && ` (${strings.common.requestId} ${item.requestId})`}
        </p>
      )}
      {inside && <InsideArchive item={item} />}
    </li>
  );
}

function InsideArchive({ item: { result } }: { item: UploadItem }) {
  if (!result) return null;
  const refused = result.items.filter((line) => line.status === 'refused');
  return (
    <details className="ms-6 pb-1 text-sm text-muted" open={refused.length > 0 && refused.length <= 8}>
      <summary>
        {result.items.length} {text.inArchive}: {text.total(result.stored, result.already_held, result.refused)}
      </summary>
      <ul className="max-h-40 overflow-y-auto pt-1">
        {refused.map((line) => (
          <li key={line.file} className="py-0.5">
            <span className="text-text">{line.file}</span>: {line.reason ?? line.error}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Controls({ item }: { item: UploadItem }) {
  const large = item.file.size > TOGETHER_MAX_BYTES;
  const again = item.state === 'failed' || item.state === 'cancelled';
  return (
    <span className="flex min-w-8 shrink-0 justify-end">
      {large && item.state === 'sending' && <IconButton icon={Pause} label={text.pause} onClick={() => pauseUpload(item.id)} />}
      {item.state === 'paused' && <IconButton icon={Play} label={text.resume} onClick={() => retryUpload(item.id)} />}
      {again && <IconButton icon={RotateCw} label={text.again} onClick={() => retryUpload(item.id)} />}
      {isUnfinished(item) && <IconButton icon={X} label={text.cancelFile} onClick={() => cancelUpload(item.id)} />}
    </span>
  );
}

function progressText(item: UploadItem): string {
  if (item.state === 'checking') return text.state.checking;
  return `${Math.floor((100 * item.sentBytes) / Math.max(1, item.file.size))} %`;
}
