import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import type { SignedIn } from '../../contract/identity.ts';
import { beginPasskeySignIn, signInWithPasskey, type UsedCredential } from '../../contract/identity-passkeys.ts';
import { beginSignOn } from '../../contract/identity-providers.ts';
import { ApiProblem, call } from '../api.ts';
import { signInProvidersQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

/** Ways in without a password: a passkey, and the providers that the tenant knows. */
export function OtherWays({ next, onSignedIn }: { next: string; onSignedIn: (signedIn: SignedIn) => Promise<void> }) {
  const providers = useQuery(signInProvidersQuery);
  const passkey = useMutation({ mutationFn: enterWithPasskey, onSuccess: onSignedIn });
  const provider = useMutation({
    mutationFn: (id: string) => call(beginSignOn, { body: { provider_id: id, return_to: next } }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const error = passkey.error ?? provider.error;
  return (
    <div className="mt-4 flex flex-col gap-2 border-line border-t pt-4">
      {'PublicKeyCredential' in window && (
        <Button icon={KeyRound} busy={passkey.isPending} onClick={() => passkey.mutate()}>
          {strings.signIn.passkey}
        </Button>
      )}
      {(providers.data?.items ?? []).map(({ id, name }) => (
        <Button key={id} busy={provider.isPending} onClick={() => provider.mutate(id)}>
          {strings.signIn.withProvider(name)}
        </Button>
      ))}
      {error && <ProblemNote error={error} />}
    </div>
  );
}

async function enterWithPasskey(): Promise<SignedIn> {
  const options = await call(beginPasskeySignIn);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  // Whoever turns the browser's question away has not failed at anything that the server could explain.
  const credential = await navigator.credentials.get({ publicKey }).catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw new ApiProblem({ title: strings.signIn.passkeyRefused });
  // The browser's own JSON of a credential that was used (WebAuthn level 3, 5.1).
  return call(signInWithPasskey, { body: { credential: credential.toJSON() as UsedCredential } });
}
