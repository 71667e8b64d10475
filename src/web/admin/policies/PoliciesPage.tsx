import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Policies, setPolicies } from '../../../contract/identity-tenants.ts';
import { TENANT_ROLES } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { policiesQuery } from '../people-queries.ts';
import { useAct } from '../use-act.ts';
import { ModelAccess } from './ModelAccess.tsx';

const { policies: text, roles } = peopleWords;

/** What the tenant decides for itself about accounts and sessions. */
export function PoliciesPage() {
  const policies = useQuery(policiesQuery);
  return (
    <>
      <PageHeader title={adminWords.places.policies} lead={text.lead} />
      <div className="relative min-h-0 grow scroll-pb-16 overflow-y-auto px-4 max-md:px-3">
        {policies.isPending && <Skeleton rows={8} label={strings.common.loading} />}
        {policies.isError && <ProblemNote error={policies.error} />}
        {policies.data && <PolicyForm policies={policies.data} />}
      </div>
    </>
  );
}

function PolicyForm({ policies }: { policies: Policies }) {
  const [chosen, setChosen] = useState(policies);
  const mayChange = useRights()?.('user:write') ?? false;
  const save = useAct({
    run: () => call(setPolicies, { body: chosen }),
    refreshes: [policiesQuery.queryKey],
    said: () => text.saved,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const isChanged = JSON.stringify(chosen) !== JSON.stringify(policies);
  return (
    <form className="max-w-180" onSubmit={submit}>
      <fieldset disabled={!mayChange} className="flex flex-col gap-4">
        <Card title={text.accounts} size="large">
          <Select
            label={text.registration}
            value={chosen.registration}
            choices={text.registrations}
            onChange={(registration) => setChosen({ ...chosen, registration })}
          />
          <Switch
            label={text.portal}
            hint={text.portalHint}
            checked={chosen.patient_portal}
            onChange={(patient_portal) => setChosen({ ...chosen, patient_portal })}
          />
        </Card>
        <Card title={text.sessions} size="large">
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={text.idle}
              type="number"
              required
              min={1}
              max={60}
              value={String(chosen.session_idle_minutes)}
              onChange={(value) => setChosen({ ...chosen, session_idle_minutes: Number(value) })}
            />
            <TextField
              label={text.longest}
              type="number"
              required
              min={1}
              max={24}
              value={String(chosen.session_hours)}
              onChange={(value) => setChosen({ ...chosen, session_hours: Number(value) })}
            />
          </div>
        </Card>
        <Card title={text.mfa} size="large">
          <p className="text-muted">{text.mfaHint}</p>
          <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
            {TENANT_ROLES.filter((role) => role !== 'service').map((role) => (
              <Checkbox
                key={role}
                checked={chosen.mfa_required.includes(role)}
                onChange={(isAsked) =>
                  setChosen({
                    ...chosen,
                    mfa_required: TENANT_ROLES.filter((other) => (other === role ? isAsked : chosen.mfa_required.includes(other))),
                  })
                }
              >
                {roles[role]}
              </Checkbox>
            ))}
          </div>
        </Card>
        <Card title={text.models} size="large">
          <ModelAccess access={chosen.model_access} onChange={(model_access) => setChosen({ ...chosen, model_access })} />
        </Card>
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
