import { SlidersHorizontal, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { AUDIT_ACTIONS } from '../../../contract/audit-terms.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { Button } from '../../ui/Button.tsx';
import { INPUT_CLASS } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { type AuditFilters, NO_FILTERS } from './audit-queries.ts';

const ACTIONS = [['', text.anyAction], ...AUDIT_ACTIONS.map((action) => [action, text.actions[action]] as const)] as const;
const OUTCOMES = [
  ['', text.anyOutcome],
  ['success', text.outcomes.success],
  ['refused', text.outcomes.refused],
  ['failed', text.outcomes.failed],
] as const;

type FilterBarProps = { filters: AuditFilters; onChange: (filters: AuditFilters) => void; children?: ReactNode };

/** What of the trail is shown; `children` stand at the end of the line. */
export function FilterBar({ filters, onChange, children }: FilterBarProps) {
  const [showsMore, setShowsMore] = useState(false);
  const isFiltered = Object.values(filters).some((value) => value !== '');
  const hasMore = showsMore || filters.patient !== '' || filters.object !== '' || filters.request_id !== '';
  const input = (name: 'from' | 'to' | 'actor' | 'patient' | 'object' | 'request_id', label: string, className: string) => (
    <input
      aria-label={label}
      title={label}
      placeholder={label}
      type={name === 'from' || name === 'to' ? 'date' : 'text'}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      className={`${INPUT_CLASS} ${className}`}
      value={filters[name]}
      onChange={(event) => onChange({ ...filters, [name]: event.target.value })}
    />
  );
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-2 max-md:px-3">
      {input('from', text.from, 'w-36!')}
      {input('to', text.to, 'w-36!')}
      {input('actor', text.actor, 'w-60! max-sm:w-full!')}
      <Select
        isLabelHidden
        label={text.act}
        className="w-44"
        value={filters.action}
        choices={ACTIONS}
        onChange={(action) => onChange({ ...filters, action })}
      />
      <Select
        isLabelHidden
        label={text.outcome}
        className="w-36"
        value={filters.outcome}
        choices={OUTCOMES}
        onChange={(outcome) => onChange({ ...filters, outcome })}
      />
      <Button look="quiet" icon={SlidersHorizontal} aria-expanded={hasMore} onClick={() => setShowsMore(!showsMore)}>
        {hasMore ? text.fewer : text.more}
      </Button>
      {isFiltered && (
        <Button look="quiet" icon={X} onClick={() => onChange(NO_FILTERS)}>
          {text.clear}
        </Button>
      )}
      <div className="ms-auto">{children}</div>
      {hasMore && (
        <div className="flex basis-full flex-wrap gap-2">
          {input('patient', text.patient, 'w-72! max-sm:w-full!')}
          {input('object', text.objectFilter, 'w-72! max-sm:w-full!')}
          {input('request_id', text.requestFilter, 'w-72! max-sm:w-full!')}
        </div>
      )}
    </div>
  );
}
