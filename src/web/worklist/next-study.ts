import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { listReadings, type ReadingItem } from '../../contract/reading-list.ts';
import { call } from '../api.ts';
import { useReportKeys } from '../report/use-report-keys.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { useToast } from '../ui/toast.ts';
import { lastShown, noteOpened, studiesAfter } from './last-list.ts';
import { readingOf } from './worklist-queries.ts';

/** Lines of the list that are looked at one by one before the top of the list is asked for. */
const MOST_LOOKED_AT = 10;
const PAGE = 50;

/**
 * Leads from a study to the one after it in the list that the reader came from: what was signed meanwhile, or is read by somebody else,
 * is passed over. After the last one it begins at the top again. Alt J is its key, Alt L that of the list.
 */
export function useNextStudy(uid: string): { go: () => void; isLooking: boolean } {
  const [isLooking, setLooking] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  useEffect(() => noteOpened(uid), [uid]);
  const go = () => {
    if (isLooking) return;
    setLooking(true);
    void nextAfter(uid)
      .then(async (next) => {
        if (next === undefined) toast({ text: text.next.none });
        else await navigate({ to: '/studies/$uid', params: { uid: next } });
      })
      .catch(() => toast({ text: text.next.failed, tone: 'critical' }))
      .finally(() => setLooking(false));
  };
  useReportKeys({ j: go, l: () => void navigate({ to: '/' }) });
  return { go, isLooking };
}

async function nextAfter(uid: string): Promise<string | undefined> {
  for (const candidate of studiesAfter(uid).slice(0, MOST_LOOKED_AT)) {
    // One that is gone, or that the reader may no longer see, is none.
    const item = await readingOf(candidate).catch(() => undefined);
    if (item && isFree(item)) return candidate;
  }
  const { filter, order } = lastShown();
  // Words that were searched for found this study; the next one is whatever else is to be read.
  const { q: _, ...rest } = filter;
  const { items } = await call(listReadings, { query: { limit: PAGE, ...rest, order } });
  return items.find((item) => item.study_instance_uid !== uid && isFree(item))?.study_instance_uid;
}

function isFree({ reading_status, lock }: ReadingItem): boolean {
  return reading_status !== 'signed' && lock === null;
}
