import { useQuery } from '@tanstack/react-query';
import { READING_LEVELS, READING_STATUSES, type ReadingFilter, type ReadingOrder } from '../../contract/reading-list.ts';
import { useRights } from '../rights.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import { readersQuery, type Shown } from './worklist-queries.ts';

export type FilterBarProps = { shown: Shown; onChange: (shown: Shown) => void };

const ORDERS: readonly ReadingOrder[] = ['priority', 'arrival', 'study_date'];
const AI = ['none', 'queued', 'running', 'succeeded', 'abstained', 'failed'] as const;
/** PS3.3 C.7.3.1.1.1: those that are read most. */
const MODALITIES = ['CR', 'CT', 'DX', 'MG', 'MR', 'NM', 'OT', 'PT', 'RF', 'US', 'XA'] as const;
const ANY = '';

/** Everything that a list can be narrowed by. */
export function FilterBar({ shown: { filter, order }, onChange }: FilterBarProps) {
  const may = useRights();
  const readers = useQuery({ ...readersQuery, enabled: may?.('report:write') === true });
  const set = (change: Partial<ReadingFilter>) => onChange({ filter: without({ ...filter, ...change }), order });
  const any = [ANY, text.filters.any] as const;
  return (
    <section
      aria-label={text.filters.title}
      className="grid shrink-0 grid-cols-[repeat(auto-fill,minmax(148px,1fr))] items-end gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-3 max-md:max-h-72 max-md:overflow-y-auto max-md:px-3"
    >
      <Select
        label={text.filters.status}
        value={filter.status ?? 'open'}
        choices={[
          ['open', text.filters.open],
          ...READING_STATUSES.map((status) => [status, text.statuses[status]] as const),
          ['all', text.filters.all],
        ]}
        onChange={(status) => set({ status: status === 'open' ? undefined : status } as Partial<ReadingFilter>)}
      />
      <Select
        label={text.filters.level}
        value={filter.level ?? ANY}
        choices={[any, ...READING_LEVELS.map((level) => [level, text.levels[level]] as const)]}
        onChange={(level) => set({ level } as Partial<ReadingFilter>)}
      />
      <Select
        label={text.filters.assignee}
        value={filter.assignee ?? ANY}
        choices={[
          any,
          ['me', text.filters.me],
          ['nobody', text.filters.nobody],
          ...(readers.data?.items ?? []).map(({ id, full_name }) => [id, full_name] as const),
        ]}
        onChange={(assignee) => set({ assignee })}
      />
      <Select
        label={text.filters.modality}
        value={filter.modality ?? ANY}
        choices={[any, ...MODALITIES.map((modality) => [modality, modality] as const)]}
        onChange={(modality) => set({ modality })}
      />
      <Words label={text.filters.bodyPart} value={filter.body_part} onChange={(part) => set({ body_part: part.toUpperCase() })} />
      <Day label={text.filters.from} value={filter.from} onChange={(from) => set({ from })} />
      <Day label={text.filters.to} value={filter.to} onChange={(to) => set({ to })} />
      <Select
        label={text.filters.ai}
        value={filter.ai ?? ANY}
        choices={[any, ...AI.map((state) => [state, strings.aiStatus[state]] as const)]}
        onChange={(ai) => set({ ai } as Partial<ReadingFilter>)}
      />
      <Words label={text.filters.label} value={filter.label} onChange={(label) => set({ label: label.toLowerCase() })} />
      <Select
        label={text.filters.order}
        value={order}
        choices={ORDERS.map((known) => [known, text.orders[known]] as const)}
        onChange={(chosen) => onChange({ filter, order: chosen })}
      />
      <Button onClick={() => onChange({ filter: filter.q ? { q: filter.q } : {}, order: 'priority' })}>{text.filters.clear}</Button>
    </section>
  );
}

type InputProps = { label: string; value: string | undefined; onChange: (value: string) => void };

/** Taken when it is done: each letter would be another list. */
function Words({ label, value = '', onChange }: InputProps) {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          key={value}
          defaultValue={value}
          maxLength={63}
          className={INPUT_CLASS}
          onBlur={(event) => event.target.value.trim() !== value && onChange(event.target.value.trim())}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      )}
    </Field>
  );
}

function Day({ label, value = '', onChange }: InputProps) {
  return (
    <Field label={label}>
      {(control) => (
        <input {...control} type="date" value={value} className={INPUT_CLASS} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

/** A filter without what says nothing. */
function without(filter: { [Name in keyof ReadingFilter]?: ReadingFilter[Name] | '' | undefined }): ReadingFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== '' && value !== false),
  ) as ReadingFilter;
}
