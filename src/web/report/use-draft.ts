import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { editReport, listReports, type Report, type ReportSections, type SectionName, type Statement } from '../../contract/reports.ts';
import { ApiProblem, call } from '../api.ts';
import { putReport, reportsQuery } from '../queries.ts';
import { moveStatements } from './text-change.ts';

const QUIET_MS = 1200;

export type DraftText = Pick<Report, 'sections' | 'statements'>;
export type Draft = ReturnType<typeof useDraft>;

/**
 * The text being edited; saved when typing rests, when the editor closes, and before signing (`flush`). What somebody else saved
 * meanwhile is never overwritten: untouched it is taken over, else it is a `conflict` on which the reader decides.
 */
export function useDraft(uid: string, report: Report) {
  const [text, setText] = useState<DraftText>(() => textOf(report));
  const [dirty, setDirty] = useState(false);
  const [conflict, setConflict] = useState<Report | null>(null);
  /** What the server holds, as far as this editor knows. */
  const base = useRef(report);
  const pending = useRef<DraftText | null>(null);
  const { save, flush } = useSaving(uid, { base, pending, setConflict, setDirty });
  const adopted = useAdoption({ report, base, pending, isSaving: save.isPending, setText });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each keystroke gives a new text and starts the wait again
  useEffect(() => {
    if (!dirty || conflict) return;
    const timer = setTimeout(() => void flush().catch(() => {}), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, dirty, conflict, flush]);
  useEffect(() => () => void flush().catch(() => {}), [flush]);

  const set = (make: (before: DraftText) => DraftText) => {
    const wanted = make(pending.current ?? text);
    pending.current = wanted;
    setText(wanted);
    setDirty(true);
  };
  return {
    ...text,
    revision: base.current.revision,
    dirty,
    saving: save.isPending,
    error: conflict ? null : save.error,
    conflict,
    adopted,
    flush,
    /** @param caret where it stands after the change */
    type: (section: SectionName, after: string, caret?: number) => set((before) => changed(before, { section, after, caret })),
    setStatements: (make: (before: readonly Statement[]) => Statement[]) =>
      set((before) => ({ ...before, statements: make(before.statements) })),
    replace: (whole: DraftText) => set(() => whole),
    /** Takes what the server gave, as after a template was laid over the draft. */
    adopt: (theirs: Report) => {
      base.current = theirs;
      pending.current = null;
      setText(textOf(theirs));
      setDirty(false);
      setConflict(null);
    },
    /** Saves this editor's text over what somebody else saved. */
    keepMine: () => {
      if (!conflict) return;
      base.current = conflict;
      setConflict(null);
      pending.current ??= text;
      void flush().catch(() => {});
    },
  };
}

type Shared = {
  base: { current: Report };
  pending: { current: DraftText | null };
  setConflict: (theirs: Report) => void;
  setDirty: (dirty: boolean) => void;
};

function useSaving(uid: string, { base, pending, setConflict, setDirty }: Shared) {
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async (wanted: DraftText) => {
      const put = () => call(editReport, { params: { id: base.current.id }, body: { ...wanted, base_revision: base.current.revision } });
      return put().catch(async (error: unknown) => {
        if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
        const theirs = await newestOf(uid, base.current.id);
        // Only counted on: an earlier save of this very editor, whose answer was lost.
        if (theirs && isSameText(theirs.sections, base.current.sections)) {
          base.current = theirs;
          return put();
        }
        if (theirs) setConflict(theirs);
        throw error;
      });
    },
    // The cache holds what was typed before the server has it: an editor that is closed and opened again meanwhile starts from it.
    onMutate: async (wanted) => {
      await queryClient.cancelQueries({ queryKey: reportsQuery(uid).queryKey });
      putReport(queryClient, uid, { ...base.current, ...wanted });
    },
    onError: (_error, wanted) => {
      pending.current ??= wanted;
      // Only what the server holds may be signed, so only that may be shown by an editor that is opened later.
      void queryClient.invalidateQueries({ queryKey: reportsQuery(uid).queryKey });
    },
    onSuccess: (saved) => {
      base.current = saved;
      putReport(queryClient, uid, pending.current ? { ...saved, ...pending.current } : saved);
      setDirty(pending.current !== null);
    },
  });
  const { mutateAsync } = save;
  const saves = useRef<Promise<unknown>>(Promise.resolve());
  // One after the other, so that an older save never overtakes a newer one; resolves when nothing is under way any more.
  const flush = useCallback(async () => {
    const wanted = pending.current;
    pending.current = null;
    if (wanted) saves.current = saves.current.catch(() => {}).then(() => mutateAsync(wanted));
    await saves.current;
  }, [mutateAsync, pending]);
  return { save, flush };
}

type Adoption = Pick<Shared, 'base' | 'pending'> & { report: Report; isSaving: boolean; setText: (text: DraftText) => void };

/** Takes over what somebody else saved, while nothing here is unsaved. @returns whether that happened */
function useAdoption({ report, base, pending, isSaving, setText }: Adoption): boolean {
  const [adopted, setAdopted] = useState(false);
  useEffect(() => {
    if (isSaving || pending.current || report.revision <= base.current.revision) return;
    setAdopted(!isSameText(report.sections, base.current.sections));
    base.current = report;
    setText(textOf(report));
  }, [report, isSaving, base, pending, setText]);
  return adopted;
}

async function newestOf(uid: string, id: string): Promise<Report | undefined> {
  const { items } = await call(listReports, { params: { study_instance_uid: uid } });
  return items.find((report) => report.id === id);
}

function changed(
  before: DraftText,
  { section, after, caret }: { section: SectionName; after: string; caret: number | undefined },
): DraftText {
  const statements = moveStatements(before.statements, { section, before: before.sections[section], after, caret });
  return { sections: { ...before.sections, [section]: after }, statements };
}

function textOf({ sections, statements }: Report): DraftText {
  return { sections, statements };
}

function isSameText(a: ReportSections, b: ReportSections): boolean {
  return (Object.keys(a) as SectionName[]).every((name) => a[name] === b[name]);
}
