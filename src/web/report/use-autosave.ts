import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { editReport, type Report, type ReportSections } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { putReport, reportsQuery } from '../queries.ts';

const QUIET_MS = 1200;

/** The sections being edited; saved when typing rests, when the editor closes, and before signing (`flush`). */
export function useAutosave(uid: string, report: Report) {
  const [sections, setSections] = useState(report.sections);
  const [dirty, setDirty] = useState(false);
  const pending = useRef<ReportSections | null>(null);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (wanted: ReportSections) => call(editReport, { params: { id: report.id }, body: { sections: wanted } }),
    // The cache holds what was typed before the server has it: an editor that is closed and opened again meanwhile starts from it.
    onMutate: async (wanted) => {
      await queryClient.cancelQueries({ queryKey: reportsQuery(uid).queryKey });
      putReport(queryClient, uid, { ...report, sections: wanted });
    },
    onError: (_error, wanted) => {
      pending.current ??= wanted;
      // Only what the server holds may be signed, so only that may be shown by an editor that is opened later.
      void queryClient.invalidateQueries({ queryKey: reportsQuery(uid).queryKey });
    },
    onSuccess: () => setDirty(pending.current !== null),
  });
  const { mutateAsync } = save;

  const saves = useRef<Promise<unknown>>(Promise.resolve());
  // One after the other, so that an older save never overtakes a newer one; resolves when nothing is under way any more.
  const flush = useCallback(async () => {
    const wanted = pending.current;
    pending.current = null;
    if (wanted) saves.current = saves.current.catch(() => {}).then(() => mutateAsync(wanted));
    await saves.current;
  }, [mutateAsync]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each keystroke gives new sections and starts the wait again
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(() => void flush().catch(() => {}), QUIET_MS);
    return () => clearTimeout(timer);
  }, [sections, dirty, flush]);
  useEffect(() => () => void flush().catch(() => {}), [flush]);

  const change = (part: Partial<ReportSections>) => {
    const wanted = { ...sections, ...part };
    pending.current = wanted;
    setSections(wanted);
    setDirty(true);
  };
  return { sections, change, flush, dirty, saving: save.isPending, error: save.error };
}
