import { CloudOff, Radio, RefreshCw, WifiOff } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { useLiveState } from './live.ts';

const LOOKS = {
  connected: { icon: Radio, look: 'text-muted' },
  connecting: { icon: RefreshCw, look: 'text-muted' },
  polling: { icon: RefreshCw, look: 'text-muted' },
  reconnecting: { icon: CloudOff, look: 'text-attention' },
  offline: { icon: WifiOff, look: 'text-critical' },
} as const;

/** Whether what is shown follows the server at present; nothing on a screen that does not follow it. What is well is said with fewer words. */
export function LiveStatus({ isNarrow }: { isNarrow: boolean }) {
  const state = useLiveState();
  if (state === 'idle') return null;
  const { icon: Icon, look } = LOOKS[state];
  const isWell = look === 'text-muted';
  return (
    <span
      role="status"
      title={strings.frame.live[state]}
      className={cx('inline-flex h-10 items-center gap-1.5 whitespace-nowrap px-1 text-sm', look)}
    >
      <Icon aria-hidden size={13} className="shrink-0" />
      <span className={cx(isWell && (isNarrow ? 'max-[1800px]:sr-only' : 'max-xl:sr-only'), 'max-sm:sr-only')}>
        {strings.frame.live[state]}
      </span>
    </span>
  );
}
