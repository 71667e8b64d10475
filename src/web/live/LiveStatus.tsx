import { CloudOff, Radio, RefreshCw, WifiOff } from 'lucide-react';
import { worklistWords } from '../strings/worklist/words.ts';
import { cx } from '../ui/cx.ts';
import { useLiveState } from './live.ts';

const LOOKS = {
  connected: { icon: Radio, look: 'text-muted' },
  connecting: { icon: RefreshCw, look: 'text-muted' },
  polling: { icon: RefreshCw, look: 'text-muted' },
  reconnecting: { icon: CloudOff, look: 'text-attention' },
  offline: { icon: WifiOff, look: 'text-critical' },
  idle: { icon: CloudOff, look: 'text-faint' },
} as const;

/** Whether what is shown follows the server at present. */
export function LiveStatus() {
  const state = useLiveState();
  const { icon: Icon, look } = LOOKS[state];
  return (
    <span role="status" className={cx('inline-flex items-center gap-1.5 whitespace-nowrap text-sm', look)}>
      <Icon aria-hidden size={13} />
      {worklistWords.live[state]}
    </span>
  );
}
