import { type FunctionComponent, type ReactNode, useEffect, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { onFirstTouch } from './first-touch.ts';
import { showToast } from './toast.ts';

/**
 * A component whose code comes when somebody first touches the page, or at the latest when it is shown: what opens by a click is no part of
 * what a screen loads first. Once its code is there it appears at once, without the pause that `lazy` and `Suspense` make.
 *
 * @param waiting what is shown until then; nothing unless told
 */
export function late<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  waiting: (props: P) => ReactNode = () => null,
): FunctionComponent<P> {
  let Loaded: FunctionComponent<P> | undefined;
  let loading: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    loading ??= load().then(
      (component) => {
        Loaded = component;
      },
      () => {
        // Without a connection: the next try may find one.
        loading = undefined;
      },
    );
    return loading;
  };
  onFirstTouch(() => void begin());
  // biome-ignore lint/correctness/noComponentHookFactories: made once for a module, never while drawing
  return function Late(props: P) {
    const [Shown, show] = useState(() => Loaded);
    useEffect(() => {
      if (Shown) return;
      // Also where the code is there by now: it may have come after this was drawn and before it was looked at here.
      let isGone = false;
      void begin().then(() => {
        if (isGone) return;
        if (Loaded) show(() => Loaded);
        else showToast({ text: strings.frame.offline, tone: 'critical' });
      });
      return () => {
        isGone = true;
      };
    }, [Shown]);
    return Shown ? <Shown {...props} /> : waiting(props);
  };
}
