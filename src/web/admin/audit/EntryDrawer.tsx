import { Filter } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../../contract/audit.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import type { AuditFilters } from './audit-queries.ts';
import { exactTime } from './EntryList.tsx';
import { OutcomeBadge } from './OutcomeBadge.tsx';

const { fields } = text;

type EntryDrawerProps = { entry: AuditEntry; onFilter: (filters: Partial<AuditFilters>) => void; onClose: () => void };

/** Everything that an entry says, with its place in the chain. */
export function EntryDrawer({ entry, onFilter, onClose }: EntryDrawerProps) {
  const { seq, at, actor_name, actor_kind, actor_id, actor_role, action, operation, outcome, reason, purpose, source, request_id } = entry;
  const role = Object.entries(peopleWords.roles).find(([known]) => known === actor_role)?.[1] ?? actor_role;
  return (
    <Drawer open wide onOpenChange={onClose} title={text.open(seq)} lead={exactTime(at)}>
      <div className="flex flex-col gap-4">
        <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
          <Fact label={text.who}>{actor_name ?? text.nobody}</Fact>
          <Fact label={fields.kind}>{text.kinds[actor_kind]}</Fact>
          <Fact label={fields.role}>{role}</Fact>
          <Fact label={text.act}>{text.actions[action]}</Fact>
          <Fact label={text.outcome}>
            <OutcomeBadge outcome={outcome} />
          </Fact>
          <Fact label={fields.reason} code={reason} />
          <Fact label={text.what} code={operation} />
          <Fact label={text.object} code={[entry.object_type, entry.object_id].filter(Boolean).join(' ')} />
          <Fact label={fields.study} code={entry.study_instance_uid} />
          <Fact label={fields.patient} code={entry.patient} />
          <Fact label={fields.purpose}>{purpose && text.purposes[purpose]}</Fact>
          <Fact label={text.source} code={source} />
          <Fact label={fields.actorId} code={actor_id} />
          <Fact label={fields.request} code={request_id} />
          {Object.entries(entry.details).map(([name, value]) => (
            <Fact key={name} label={name} code={String(value)} />
          ))}
          <Fact label={fields.previous} code={entry.previous_hash} />
          <Fact label={fields.hash} code={entry.hash} />
        </dl>
        <div className="flex flex-wrap gap-2">
          {request_id && (
            <Button icon={Filter} onClick={() => onFilter({ request_id })}>
              {text.sameRequest}
            </Button>
          )}
          {actor_id && (
            <Button icon={Filter} onClick={() => onFilter({ actor: actor_id })}>
              {text.sameActor}
            </Button>
          )}
        </div>
      </div>
    </Drawer>
  );
}

/** Left out where there is nothing to say. */
function Fact({ label, code, children }: { label: string; code?: string | null; children?: ReactNode }) {
  if (!code && !children) return null;
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd>
        {code ? (
          <code dir="ltr" className="text-sm break-all select-all">
            {code}
          </code>
        ) : (
          <bdi>{children}</bdi>
        )}
      </dd>
    </>
  );
}
