import type { FastifyInstance } from 'fastify';
import { addDiagnosisLink, listDiagnosisLinks, revokeDiagnosisLink } from '../../contract/diagnosis-shares.ts';
import { addShareLink, listShareLinks, openShareLink as openShareLinkEndpoint, revokeShareLink } from '../../contract/identity-shares.ts';
import { serve } from '../platform/route.ts';
import { endReplaced } from './access-changes.ts';
import { endDiagnosisLink, listDiagnosisLinks as findDiagnosisLinks, makeDiagnosisLink } from './diagnosis-links.ts';
import type { Identity } from './identity.ts';
import { addressOf, clientOf, cookieToken, isPage, setSessionCookie } from './session.ts';
import { listShareLinks as findShareLinks } from './share-link-repository.ts';
import { endShareLink, makeShareLink, openShareLink, shareLinkOf } from './share-links.ts';

/** Links to one study or report, and to the results of a diagnosis. */
export function shareRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, listShareLinks, async ({ query, scope }) => ({
    items: (await findShareLinks(scope.db, query.study_instance_uid)).map(shareLinkOf),
  }));
  serve(http, addShareLink, async ({ body, principal, scope, request }) => {
    const made = await makeShareLink(identity, scope, { maker: principal, link: body });
    return { ...made, url: addressOf(identity, request, 'share', made.token) };
  });
  serve(http, revokeShareLink, async ({ params, scope }) => endShareLink(identity, scope, params.id));
  serve(http, listDiagnosisLinks, async ({ params, scope }) => ({ items: await findDiagnosisLinks(scope.db, params.id) }));
  serve(http, addDiagnosisLink, async ({ params, body, principal, scope, request }) => {
    const made = await makeDiagnosisLink(identity, scope, { maker: principal, diagnosisId: params.id, link: body });
    return { ...made, url: addressOf(identity, request, 'share', made.token) };
  });
  serve(http, revokeDiagnosisLink, async ({ params, scope }) =>
    endDiagnosisLink(identity, scope, { diagnosisId: params.id, id: params.link_id }),
  );
  serve(http, openShareLinkEndpoint, async ({ body, act, request, reply }) => {
    const { session, shown } = await openShareLink(identity, body, clientOf(request, act));
    const replaced = cookieToken(request);
    if (replaced !== undefined) await endReplaced(identity, replaced);
    setSessionCookie(request, reply, session);
    const token = isPage(request) ? {} : { token_type: 'Bearer' as const, access_token: session.token };
    return { ...shown, expires_at: session.expires_at, ...token };
  });
}
