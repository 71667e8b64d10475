import type { FastifyInstance } from 'fastify';
import { addTenant, getPolicies, listTenants, setPolicies, updateTenant } from '../../contract/identity-tenants.ts';
import { serve } from '../platform/route.ts';
import { listTenants as findTenants } from '../tenants/queries.ts';
import type { Identity } from './identity.ts';
import { makeTenant, revisePolicies, reviseTenant, tenantOf } from './manage-tenants.ts';
import { readPolicies } from './policies.ts';
import { addressOf } from './session.ts';

/** Tenants of the installation, and the rules of each. */
export function tenantRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, listTenants, async () => ({ items: (await findTenants(identity.systemDb)).map(tenantOf) }));
  serve(http, addTenant, async ({ body, principal, act, request }) => {
    const { tenant, administrator } = await makeTenant(identity, body, principal.id);
    act.object = { type: 'tenant', id: tenant.id };
    const { token, expires_at } = administrator;
    return { ...tenant, administrator: { token, url: addressOf(identity, request, 'invitation', token), expires_at } };
  });
  serve(http, updateTenant, async ({ params, body }) => reviseTenant(identity, params.id, body));
  serve(http, getPolicies, async ({ scope }) => readPolicies(scope.db, identity.config));
  serve(http, setPolicies, async ({ body, scope }) => revisePolicies(identity, scope, body));
}
