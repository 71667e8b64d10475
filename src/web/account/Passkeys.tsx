import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Confirmed } from '../../contract/identity-factors.ts';
import { addPasskey, beginPasskey, type NewCredential, removePasskey } from '../../contract/identity-passkeys.ts';
import { ApiProblem, call } from '../api.ts';
import { dateTime } from '../format.ts';
import { accountWords } from '../strings/account/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { accountQueries } from './account-queries.ts';
import { ConfirmForm } from './ConfirmForm.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

const text = accountWords;

/** Passkeys: what is there, one more, one less. */
export function Passkeys() {
  const passkeys = useQuery(accountQueries.passkeys);
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  /** The id of the one to remove, or empty for a new one. */
  const [asking, setAsking] = useState<string>();
  const onSuccess = async () => {
    setAsking(undefined);
    setName('');
    // A second factor may open what the role was kept from.
    await Promise.all(['account', 'whoami'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  };
  const add = useMutation({ mutationFn: (confirmed: Confirmed) => makePasskey(name.trim(), confirmed), onSuccess });
  const remove = useMutation({ mutationFn: (body: Confirmed) => call(removePasskey, { params: { id: asking ?? '' }, body }), onSuccess });
  const act = asking ? remove : add;
  const error = passkeys.error ?? add.error ?? remove.error;
  return (
    <Card size="large" title={text.passkeys}>
      <p className="text-muted">{text.passkeysLead}</p>
      <ul className="flex flex-col divide-y divide-line empty:hidden">
        {passkeys.data?.items.map((passkey) => (
          <li key={passkey.id} className="flex items-center gap-3 py-2">
            <KeyRound aria-hidden size={15} className="shrink-0 text-muted" />
            <span className="min-w-0 grow">
              <bdi className="block truncate">{passkey.name}</bdi>
              {passkey.last_used_at && (
                <span className="block text-sm text-muted tabular-nums">
                  {text.lastUsed}: {dateTime(passkey.last_used_at)}
                </span>
              )}
            </span>
            <Button onClick={() => setAsking(passkey.id)}>{text.remove}</Button>
          </li>
        ))}
      </ul>
      {add.data && add.data.recovery_codes.length > 0 && <RecoveryCodes codes={add.data.recovery_codes} />}
      {asking !== undefined && (
        <ConfirmForm
          action={asking ? text.remove : text.addPasskey}
          busy={act.isPending}
          onConfirm={(confirmed) => act.mutate(confirmed)}
          onCancel={() => setAsking(undefined)}
        >
          {asking === '' && (
            <Field label={text.passkeyName}>
              {(control) => (
                <input
                  {...control}
                  className={INPUT_CLASS}
                  required
                  maxLength={100}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
          )}
        </ConfirmForm>
      )}
      {error && <ProblemNote error={error} />}
      {asking === undefined && 'PublicKeyCredential' in window && (
        <Button className="self-start" icon={KeyRound} onClick={() => setAsking('')}>
          {text.addPasskey}
        </Button>
      )}
    </Card>
  );
}

async function makePasskey(name: string, confirmed: Confirmed) {
  const options = await call(beginPasskey, { body: confirmed });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  // Whoever turns the browser's question away has not failed at anything that the server could explain.
  const credential = await navigator.credentials.create({ publicKey }).catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw new ApiProblem({ title: strings.signIn.passkeyRefused });
  // The browser's own JSON of a new credential (WebAuthn level 3, 5.1).
  return call(addPasskey, { body: { name, credential: credential.toJSON() as NewCredential } });
}
