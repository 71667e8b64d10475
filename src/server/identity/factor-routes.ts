import type { FastifyInstance } from 'fastify';
import {
  completeSignIn as completeSignInEndpoint,
  confirmTotp as confirmTotpEndpoint,
  enrollTotp as enrollTotpEndpoint,
  getFactors,
  removeTotp as removeTotpEndpoint,
  renewRecoveryCodes as renewRecoveryCodesEndpoint,
  resetFactors as resetFactorsEndpoint,
} from '../../contract/identity-factors.ts';
import { serve } from '../platform/route.ts';
import { requirePerson } from './authenticate.ts';
import { confirmTotp, enrollTotp, readFactors, removeTotp, renewRecoveryCodes, resetFactors } from './factors.ts';
import type { Identity } from './identity.ts';
import { welcome } from './routes.ts';
import { clientOf, isPage } from './session.ts';
import { completeSignIn } from './sign-in.ts';

/** Second factors: an authenticator app, and recovery codes. */
export function factorRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, completeSignInEndpoint, async ({ body, act, request, reply }) => {
    const signIn = await completeSignIn(identity, body, { client: clientOf(request, act), wantsTokens: !isPage(request) });
    return welcome(identity, signIn, { request, reply });
  });
  serve(http, getFactors, async ({ principal, scope }) => readFactors(identity, scope, requirePerson(principal)));
  serve(http, enrollTotpEndpoint, async ({ body, principal, scope }) =>
    enrollTotp(identity, scope, { principal: requirePerson(principal), confirmed: body }),
  );
  serve(http, confirmTotpEndpoint, async ({ body, principal, scope }) => ({
    recovery_codes: await confirmTotp(identity, scope, { principal: requirePerson(principal), code: body.code }),
  }));
  serve(http, removeTotpEndpoint, async ({ body, principal, scope }) => {
    await removeTotp(identity, scope, { principal: requirePerson(principal), confirmed: body });
    return {};
  });
  serve(http, renewRecoveryCodesEndpoint, async ({ body, principal, scope }) => ({
    recovery_codes: await renewRecoveryCodes(identity, scope, { principal: requirePerson(principal), confirmed: body }),
  }));
  serve(http, resetFactorsEndpoint, async ({ params, principal, scope }) => {
    await resetFactors(identity, scope, { id: params.id, principal });
    return {};
  });
}
