import type { FastifyInstance } from 'fastify';
import {
  addUser,
  approveRegistration,
  breakGlass,
  declineRegistration,
  endBreakGlass,
  endUserSessions,
  getUser,
  invite,
  issuePasswordReset,
  listBreakGlass,
  listInvitations,
  listRegistrations,
  listUserSessions,
  listUsers,
  unlockUser as unlockUserEndpoint,
  updateUser,
  withdrawInvitation,
} from '../../contract/identity-users.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { endSessionsOf } from './access-changes.ts';
import { closeBreakGlass, openBreakGlass, readBreakGlass } from './break-glass.ts';
import type { Identity } from './identity.ts';
import { invitationOf, inviteUser, registrationOf } from './invite.ts';
import { approve, changeUser, makeUser, offerReset, readUser, readUsers, unlockUser } from './manage-users.ts';
import { readSessions } from './own-account.ts';
import { getUser as requireUser } from './repository.ts';
import {
  deleteInvitation,
  deleteRegistration,
  listInvitations as findInvitations,
  listRegistrations as findRegistrations,
} from './request-repository.ts';
import { addressOf } from './session.ts';

const PAGE_SIZE = 50;
/** Requests for an account that are listed; more than that wait for nobody. */
const MAX_REGISTRATIONS = 1_000;

/** Accounts of a tenant, how people get one, and emergency access. */
export function userRoutes(http: FastifyInstance, identity: Identity): void {
  accountRoutes(http, identity);
  requestRoutes(http, identity);
  emergencyRoutes(http, identity);
}

function accountRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, listUsers, async ({ query, scope }) => {
    const { limit = PAGE_SIZE, cursor, ...filter } = query;
    const { items, next } = await readUsers(identity, scope, { ...filter, limit, after: cursor });
    return { items, next_cursor: next };
  });
  serve(http, getUser, async ({ params, scope }) => readUser(identity, scope, params.id));
  serve(http, addUser, async ({ body, scope }) => makeUser(identity, scope, body));
  serve(http, updateUser, async ({ params, body, principal, scope }) =>
    changeUser(identity, scope, { id: params.id, change: body, principal }),
  );
  serve(http, unlockUserEndpoint, async ({ params, scope }) => unlockUser(identity, scope, params.id));
  serve(http, issuePasswordReset, async ({ params, principal, scope, request }) => {
    const link = await offerReset(identity, scope, { id: params.id, principal });
    return { ...link, url: addressOf(identity, request, 'password-reset', link.token) };
  });
  serve(http, listUserSessions, async ({ params, principal, scope }) => {
    const { id } = await requireUser(scope.db, params.id);
    return { items: await readSessions(identity, scope, id, principal.session_id) };
  });
  serve(http, endUserSessions, async ({ params, scope }) => {
    const { id } = await requireUser(scope.db, params.id);
    return { ended: await endSessionsOf(identity, scope, id) };
  });
}

function requestRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, listInvitations, async ({ scope }) => ({
    items: (await findInvitations(scope.db, identity.now().toISOString())).map(invitationOf),
  }));
  serve(http, invite, async ({ body, principal, scope, request }) => {
    const link = await inviteUser(identity, scope, { wanted: body, principal });
    return { ...link, url: addressOf(identity, request, 'invitation', link.token) };
  });
  serve(http, withdrawInvitation, async ({ params, scope }) => {
    if (!(await deleteInvitation(scope.db, params.id))) throw new AppError('not-found', `No open invitation ${params.id}`);
    return {};
  });
  serve(http, listRegistrations, async ({ scope }) => ({
    items: (await findRegistrations(scope.db, MAX_REGISTRATIONS)).map(registrationOf),
  }));
  serve(http, approveRegistration, async ({ params, body, scope }) => approve(identity, scope, { ...body, id: params.id }));
  serve(http, declineRegistration, async ({ params, scope }) => {
    if (!(await deleteRegistration(scope.db, params.id))) throw new AppError('not-found', `No registration ${params.id}`);
    return {};
  });
}

function emergencyRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, breakGlass, async ({ body, principal, scope, act }) => {
    act.purpose = 'ETREAT';
    return openBreakGlass(identity, scope, { principal, wanted: body });
  });
  serve(http, endBreakGlass, async ({ params, principal, scope }) => {
    await closeBreakGlass(identity, scope, principal, params.id);
    return {};
  });
  serve(http, listBreakGlass, async ({ query, scope }) => readBreakGlass(scope, { limit: query.limit ?? PAGE_SIZE, cursor: query.cursor }));
}
