import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addStudyLabel, removeStudyLabel } from '../../contract/labels.ts';
import { assignReading, type ReadingItem, type ReadingLevel, setReadingLevel } from '../../contract/reading-list.ts';
import { deleteStudy, restoreRecycled } from '../../contract/recycle-bin.ts';
import { call } from '../api.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { useToast } from '../ui/toast.ts';
import { dropRows, putRows, readingOf } from './worklist-queries.ts';

/** Requests that are under way at once. */
const AT_ONCE = 4;

type Reader = { id: string; full_name: string } | null;
export type ManyChanges = {
  /** How far a change has come; null while there is none. */
  progress: { done: number; total: number } | null;
  assign: (items: readonly ReadingItem[], reader: Reader) => Promise<void>;
  /** null leaves them to the rules again. */
  prioritize: (items: readonly ReadingItem[], level: ReadingLevel | null) => Promise<void>;
  label: (items: readonly ReadingItem[], label: string) => Promise<void>;
  /** Into the recycle bin. */
  remove: (items: readonly ReadingItem[]) => Promise<void>;
};

/** Changes of one or many studies at once, each of which can be taken back. */
export function useManyChanges(): ManyChanges {
  const queryClient = useQueryClient();
  const toast = useToast();
  const [progress, setProgress] = useState<ManyChanges['progress']>(null);
  const all = async <T, R>(items: readonly T[], change: (item: T) => Promise<R>): Promise<R[]> => {
    setProgress({ done: 0, total: items.length });
    const outcome = await inTurns(items, change, (done) => setProgress({ done, total: items.length }));
    setProgress(null);
    if (outcome.failed > 0) toast({ text: text.done.failed(outcome.failed), tone: 'critical' });
    return outcome.changed;
  };
  const each = async (items: readonly ReadingItem[], change: (item: ReadingItem) => Promise<ReadingItem>) => {
    const changed = await all(items, change);
    putRows(queryClient, new Map(changed.map((item) => [item.study_instance_uid, item])));
    void queryClient.invalidateQueries({ queryKey: ['reading-list', 'counts'] });
    return changed.length;
  };
  const assign: ManyChanges['assign'] = async (items, reader) => {
    const before = new Map(items.map(({ study_instance_uid, assignee }) => [study_instance_uid, assignee]));
    const give = (to: (item: ReadingItem) => Reader) => each(items, (item) => assignTo(item, to(item)));
    const count = await give(() => reader);
    if (count === 0) return;
    const said = reader ? text.done.assigned(count, reader.full_name) : text.done.unassigned(count);
    toast({ text: said, undo: () => give(({ study_instance_uid }) => before.get(study_instance_uid) ?? null) });
  };
  const prioritize: ManyChanges['prioritize'] = async (items, level) => {
    const before = new Map(items.map((item) => [item.study_instance_uid, levelByHand(item)]));
    const give = (to: (item: ReadingItem) => ReadingLevel | null) => each(items, (item) => setLevel(item, to(item)));
    const count = await give(() => level);
    if (count === 0) return;
    const said = level ? text.done.prioritized(count, text.levels[level]) : text.done.byRules(count);
    toast({ text: said, undo: () => give(({ study_instance_uid }) => before.get(study_instance_uid) ?? null) });
  };
  const label: ManyChanges['label'] = async (items, word) => {
    const without = items.filter(({ labels }) => !labels.includes(word));
    const count = await each(without, (item) => put(item, word));
    if (count > 0) toast({ text: text.done.labeled(count, word), undo: () => each(without, (item) => take(item, word)) });
  };
  const remove: ManyChanges['remove'] = async (items) => {
    const gone = await all(items, ({ study_instance_uid }) => call(deleteStudy, { params: { study_instance_uid } }));
    if (gone.length === 0) return;
    // A page that was asked for before would bring back what is gone.
    const wasLoading = queryClient.isFetching({ queryKey: ['worklist'] }) > 0;
    await queryClient.cancelQueries({ queryKey: ['worklist'] });
    dropRows(queryClient, new Set(gone.map(({ study_instance_uid }) => study_instance_uid)));
    reload(queryClient, ...(wasLoading ? [['worklist']] : []), ['reading-list']);
    const restore = async () => {
      await all(gone, ({ id }) => call(restoreRecycled, { params: { id } }));
      reload(queryClient, ['worklist'], ['reading-list']);
    };
    toast({ text: text.done.removed(gone.length), undo: restore });
  };
  return { progress, assign, prioritize, label, remove };
}

/** Not waited for: what was done is told at once. */
function reload(queryClient: QueryClient, ...queryKeys: string[][]): void {
  for (const queryKey of queryKeys) void queryClient.invalidateQueries({ queryKey });
}

function assignTo({ study_instance_uid }: ReadingItem, reader: Reader): Promise<ReadingItem> {
  return call(assignReading, { params: { study_instance_uid }, body: { user_id: reader?.id ?? null } });
}

function setLevel({ study_instance_uid }: ReadingItem, level: ReadingLevel | null): Promise<ReadingItem> {
  return call(setReadingLevel, { params: { study_instance_uid }, body: { level } });
}

/** What somebody has set; null where the rules alone decide. */
function levelByHand({ reasons }: ReadingItem): ReadingLevel | null {
  return reasons.find((reason) => reason.kind === 'person')?.set_level ?? null;
}

async function put({ study_instance_uid }: ReadingItem, label: string): Promise<ReadingItem> {
  await call(addStudyLabel, { params: { study_instance_uid, label } });
  return readingOf(study_instance_uid);
}

async function take({ study_instance_uid }: ReadingItem, label: string): Promise<ReadingItem> {
  await call(removeStudyLabel, { params: { study_instance_uid, label } });
  return readingOf(study_instance_uid);
}

async function inTurns<T, R>(
  items: readonly T[],
  change: (item: T) => Promise<R>,
  onDone: (done: number) => void,
): Promise<{ changed: R[]; failed: number }> {
  const left = [...items];
  const changed: R[] = [];
  let failed = 0;
  const work = async () => {
    for (let item = left.shift(); item; item = left.shift()) {
      try {
        changed.push(await change(item));
      } catch {
        failed += 1;
      }
      onDone(changed.length + failed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { changed, failed };
}
