import { useQuery } from '@tanstack/react-query';
import type { Policies } from '../../../contract/identity-tenants.ts';
import { TENANT_ROLES } from '../../../contract/identity-users.ts';
import { modelsQuery } from '../../queries.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Select } from '../../ui/Select.tsx';

const { policies: text, roles } = peopleWords;
const CHOICES = { all: text.allModels, some: text.someModels } as const;

type ModelAccessProps = { access: Policies['model_access']; onChange: (access: Policies['model_access']) => void };

/** Which models each role may use. */
export function ModelAccess({ access, onChange }: ModelAccessProps) {
  const models = useQuery(modelsQuery);
  const ids = models.data?.items.map(({ card: { id } }) => id) ?? [];
  const setRole = (role: string, allowed: string[] | undefined): void => {
    const { [role]: _before, ...others } = access;
    onChange(allowed ? { ...others, [role]: allowed } : others);
  };
  return (
    <>
      <p className="text-muted">{text.modelsHint}</p>
      <ul className="flex flex-col divide-y divide-line">
        {TENANT_ROLES.map((role) => {
          const allowed = access[role];
          return (
            <li key={role} className="flex flex-col gap-2 py-2">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="w-32 shrink-0">{roles[role]}</span>
                <Select
                  isLabelHidden
                  label={`${text.models}: ${roles[role]}`}
                  className="w-44"
                  value={allowed ? 'some' : 'all'}
                  choices={CHOICES}
                  onChange={(choice) => setRole(role, choice === 'some' ? ids : undefined)}
                />
              </div>
              {allowed && (
                <div dir="ltr" className="grid gap-x-4 sm:grid-cols-2">
                  {ids.map((id) => (
                    <Checkbox
                      key={id}
                      checked={allowed.includes(id)}
                      onChange={(isAllowed) => setRole(role, isAllowed ? [...allowed, id] : allowed.filter((other) => other !== id))}
                    >
                      <code className="text-sm">{id}</code>
                    </Checkbox>
                  ))}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
