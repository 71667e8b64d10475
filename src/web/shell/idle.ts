import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getWhoAmI } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { noteSeen, seenAt } from '../presence.ts';
import { whoAmIQuery } from '../queries.ts';
import { useSignOut } from './sign-out.ts';

/** The warning stands for this long, in seconds, or half of a shorter idle time. */
const WARNING_SECONDS = 60;
const LOOK_EVERY_MS = 1_000;
/** What is done on the page without the server keeps the session awake this often. */
const SIGN_EVERY_MS = 60_000;
/** Tabs of one browser have one session: who works in one of them works in all. */
const CHANNEL = 'isocenter.presence';

/**
 * Watches for how long nobody was at work, and ends the session when that is as long as the server allows (`session_idle_minutes` of the
 * institution). @returns the seconds that are left, once it is time to warn; undefined before
 */
export function useIdleSeconds(): number | undefined {
  const { data } = useQuery(whoAmIQuery);
  const { mutate: signOut } = useSignOut();
  const [left, setLeft] = useState<number>();
  const allowed = data?.idle_seconds ?? undefined;
  useEffect(() => {
    if (allowed === undefined) return;
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', ({ data: atMs }) => typeof atMs === 'number' && noteSeen(atMs));
    let signedAtMs = Date.now();
    let toldMs = seenAt();
    const look = (): void => {
      const seconds = idleLeft(allowed, Date.now() - seenAt());
      setLeft(seconds <= Math.min(WARNING_SECONDS, allowed / 2) ? seconds : undefined);
      if (seconds === 0) {
        clearInterval(timer);
        signOut('idle');
        return;
      }
      if (seenAt() <= toldMs) return;
      toldMs = seenAt();
      channel.postMessage(toldMs);
      if (toldMs - signedAtMs < SIGN_EVERY_MS) return;
      signedAtMs = toldMs;
      void call(getWhoAmI).catch(() => undefined);
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      channel.close();
    };
  }, [allowed, signOut]);
  return left;
}

/** Whole seconds until the session ends, none below zero. */
function idleLeft(allowedSeconds: number, idleMs: number): number {
  return Math.max(0, Math.ceil(allowedSeconds - idleMs / 1000));
}
