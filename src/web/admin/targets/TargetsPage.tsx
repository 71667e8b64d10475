import { queryOptions, useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import {
  getReadingTargets,
  type LevelTargets,
  putReadingTargets,
  READING_LEVELS,
  type ReadingLevel,
  type ReadingTargets,
} from '../../../contract/reading-list.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { strings } from '../../strings/strings.ts';
import { worklistWords } from '../../strings/worklist/words.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Select } from '../../ui/Select.tsx';
import { useAct } from '../use-act.ts';
import { DurationField } from './DurationField.tsx';

const { targets: text, levels } = worklistWords;
/** Kinds of examination that are read against a time of their own (PS3.3 C.7.3.1.1.1). */
const MODALITIES = ['CR', 'CT', 'DX', 'MG', 'MR', 'NM', 'OT', 'PT', 'RF', 'US', 'XA'] as const;
const targetsQuery = queryOptions({
  queryKey: ['reading-targets'],
  queryFn: ({ signal }) => call(getReadingTargets, undefined, { signal }),
});

/** In what time a study is to be read, by priority and, where it differs, by modality. */
export function TargetsPage() {
  const targets = useQuery(targetsQuery);
  return (
    <>
      <PageHeader title={adminWords.places.targets} lead={<span className="block max-w-180">{text.lead}</span>} />
      <div className="min-h-0 grow overflow-y-auto px-4 max-md:px-3">
        {targets.isPending && <Skeleton rows={6} label={strings.common.loading} />}
        {targets.isError && <ProblemNote error={targets.error} />}
        {targets.data && <TargetsForm targets={targets.data} />}
      </div>
    </>
  );
}

function TargetsForm({ targets }: { targets: ReadingTargets }) {
  const [chosen, setChosen] = useState(targets);
  const mayChange = useRights()?.('system:write') ?? false;
  const save = useAct({
    run: (wanted: ReadingTargets) => call(putReadingTargets, { body: wanted }),
    refreshes: [targetsQuery.queryKey, ['worklist'], ['reading-list']],
    said: () => text.saved,
    undo: () => {
      setChosen(targets);
      save.mutate(targets);
    },
  });
  const { modalities: own = {}, ...all } = chosen;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(chosen);
  };
  const put = (modality: string, held: LevelTargets | undefined): void => {
    const { [modality]: _, ...others } = own;
    setChosen({ ...all, modalities: held ? { ...others, [modality]: held } : others });
  };
  const isChanged = JSON.stringify(chosen) !== JSON.stringify(targets);
  return (
    <form className="max-w-220" onSubmit={submit}>
      <fieldset disabled={!mayChange} className="flex flex-col">
        <Row
          title={text.all}
          targets={all}
          onChange={(held) => setChosen({ ...held, ...(chosen.modalities ? { modalities: own } : {}) })}
        />
        {Object.entries(own).map(([modality, held]) => (
          <Row
            key={modality}
            title={modality}
            targets={held}
            onChange={(changed) => put(modality, changed)}
            onRemove={() => put(modality, undefined)}
          />
        ))}
        {mayChange && <AddModality taken={Object.keys(own)} onAdd={(modality) => put(modality, all)} />}
      </fieldset>
      {mayChange && (
        <div className="sticky bottom-0 mt-4 flex items-center gap-3 border-t border-line bg-canvas py-3">
          <Button type="submit" look="primary" disabled={!isChanged} busy={save.isPending}>
            {strings.common.save}
          </Button>
          {isChanged && <span className="text-muted">{text.unsaved}</span>}
        </div>
      )}
    </form>
  );
}

type RowProps = { title: string; targets: LevelTargets; onChange: (targets: LevelTargets) => void; onRemove?: () => void };

function Row({ title, targets, onChange, onRemove }: RowProps) {
  return (
    <section aria-label={title} className="border-b border-line py-4 first:pt-1">
      <div className="flex h-8 items-center gap-2 pb-1">
        <h2 className="font-semibold">{title}</h2>
        {onRemove && <IconButton icon={X} label={text.remove(title)} onClick={onRemove} />}
      </div>
      <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2 xl:grid-cols-4">
        {READING_LEVELS.map((level: ReadingLevel) => (
          <DurationField
            key={level}
            label={levels[level]}
            minutes={targets[level]}
            onChange={(minutes) => onChange({ ...targets, [level]: minutes })}
          />
        ))}
      </div>
    </section>
  );
}

function AddModality({ taken, onAdd }: { taken: readonly string[]; onAdd: (modality: string) => void }) {
  const free = MODALITIES.filter((modality) => !taken.includes(modality));
  const [modality, setModality] = useState<string>(free[0] ?? '');
  const wanted = free.find((each) => each === modality) ?? free[0];
  if (!wanted) return null;
  return (
    <div className="flex items-end gap-2 pt-4">
      <Select
        label={text.modality}
        className="w-40"
        value={wanted}
        choices={free.map((each) => [each, each] as const)}
        onChange={setModality}
      />
      <Button icon={Plus} onClick={() => onAdd(wanted)}>
        {text.add}
      </Button>
    </div>
  );
}
