import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { deleteDiagnosisDraft, listDiagnosisDrafts, saveDiagnosisDraft } from '../../contract/diagnosis-drafts.ts';
import { call } from '../api.ts';
import { clearDraft, type Draft, isTouched, restoreDraft } from './draft.ts';
import { contentOf, draftOf } from './kept-draft.ts';

/** Typing rests for this long before what was typed is kept. */
const QUIET_MS = 1200;

export const keptDraftsQuery = queryOptions({
  queryKey: ['diagnosis-drafts'],
  queryFn: ({ signal }) => call(listDiagnosisDrafts, undefined, { signal }),
});

export type KeptDraft = {
  /** When what is shown was last kept, if it comes from the server. */
  restoredFrom: string | null;
  /** Everything but the files themselves is kept. */
  isKept: boolean;
  error: unknown;
  /** Throws the draft away, here and on the server. */
  drop: () => Promise<void>;
};

/**
 * Keeps the draft on the server, sealed and for its author alone, and takes it up again after a reload, a crash, or on another computer.
 * Nothing of it is written on this device.
 */
export function useKeptDraft(draft: Draft): KeptDraft {
  const kept = useQuery(keptDraftsQuery);
  const queryClient = useQueryClient();
  const [restored, setRestored] = useState<{ patientKey: string; at: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** What the server holds: whose, and the content as text. */
  const [held, setHeld] = useState('');
  /** The patient whose kept draft was looked at, so that what somebody empties does not come back. */
  const settled = useRef<string | null>(null);
  const isOver = useRef(false);
  const { patientKey } = draft;
  const touched = isTouched(draft);
  if (touched) settled.current = patientKey;
  const body = patientKey !== null && settled.current === patientKey ? JSON.stringify(contentOf(draft)) : '';
  const mark = body && `${patientKey} ${body}`;
  const mine = kept.data?.items.find(({ patient_key }) => patient_key === patientKey);

  useEffect(() => {
    if (patientKey === null || !mine || isOver.current || settled.current === patientKey) return;
    settled.current = patientKey;
    const earlier = draftOf(patientKey, mine.content);
    setHeld(`${patientKey} ${JSON.stringify(contentOf(earlier))}`);
    setRestored({ patientKey, at: mine.updated_at });
    restoreDraft(earlier);
  }, [patientKey, mine]);

  useEffect(() => {
    // What was kept before comes first, so that it is not overwritten unseen.
    if (mark === '' || mark === held || patientKey === null || kept.isPending) return;
    const timer = setTimeout(() => {
      if (isOver.current) return;
      call(saveDiagnosisDraft, { params: { patient_key: patientKey }, body: JSON.parse(body) }).then(
        () => {
          setHeld(mark);
          setError(null);
        },
        (problem: unknown) => setError(problem),
      );
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [mark, body, held, patientKey, kept.isPending]);

  const drop = useCallback(async () => {
    isOver.current = true;
    setRestored(null);
    clearDraft();
    if (patientKey !== null) await call(deleteDiagnosisDraft, { params: { patient_key: patientKey } });
    await queryClient.invalidateQueries({ queryKey: keptDraftsQuery.queryKey });
    setHeld('');
    settled.current = null;
    isOver.current = false;
  }, [patientKey, queryClient]);

  return { restoredFrom: restored?.patientKey === patientKey ? restored.at : null, isKept: mark === '' || mark === held, error, drop };
}
