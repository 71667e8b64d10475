import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addStudyLabel, removeStudyLabel } from '../../contract/labels.ts';
import { assignReading, type ReadingItem, type ReadingLevel, setReadingLevel } from '../../contract/reading-list.ts';
import { call } from '../api.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { useToast } from '../ui/toast.ts';
import { putRows, readingOf } from './worklist-queries.ts';

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
};

/** Changes of one or many studies at once, each of which can be taken back. */
export function useManyChanges(): ManyChanges {
  const queryClient = useQueryClient();
  const toast = useToast();
  const [progress, setProgress] = useState<ManyChanges['progress']>(null);
  const each = async (items: readonly ReadingItem[], change: (item: ReadingItem) => Promise<ReadingItem>) => {
    setProgress({ done: 0, total: items.length });
    const outcome = await inTurns(items, change, (done) => setProgress({ done, total: items.length }));
    setProgress(null);
    show(queryClient, outcome.changed);
    if (outcome.failed > 0) toast({ text: text.done.failed(outcome.failed), tone: 'critical' });
    return outcome.changed.length;
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
  return { progress, assign, prioritize, label };
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

function show(queryClient: QueryClient, changed: readonly ReadingItem[]): void {
  putRows(queryClient, new Map(changed.map((item) => [item.study_instance_uid, item])));
  void queryClient.invalidateQueries({ queryKey: ['reading-list', 'counts'] });
}

async function inTurns(
  items: readonly ReadingItem[],
  change: (item: ReadingItem) => Promise<ReadingItem>,
  onDone: (done: number) => void,
): Promise<{ changed: ReadingItem[]; failed: number }> {
  const left = [...items];
  const changed: ReadingItem[] = [];
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
