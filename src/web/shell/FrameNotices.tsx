import { RefreshCw, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useIsReachable } from '../reachability.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { takeUpdate, useIsOutdated } from './app-updates.ts';

/** What concerns the whole app: no connection, or another build on the server. */
export function FrameNotices() {
  const isReachable = useIsReachable();
  const isOutdated = useIsOutdated();
  return (
    <>
      {!isReachable && (
        <Notice>
          <WifiOff aria-hidden size={15} className="shrink-0 text-attention" />
          <span>
            <span className="font-medium text-attention">{strings.frame.offline}</span> {strings.frame.offlineDetail}
          </span>
        </Notice>
      )}
      {isOutdated && (
        <Notice>
          <RefreshCw aria-hidden size={15} className="shrink-0 text-muted" />
          <span className="grow">{strings.frame.outdated}</span>
          <Button onClick={takeUpdate}>{strings.frame.update}</Button>
        </Notice>
      )}
    </>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <div role="status" className="flex shrink-0 items-center gap-2 border-b border-line bg-raised px-4 py-1">
      {children}
    </div>
  );
}
