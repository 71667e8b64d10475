import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { retrieveCapabilities } from '../../contract/dicomweb.ts';
import { serve } from '../platform/route.ts';
import { choose, takes } from './accept.ts';
import { listTransactions, WADL_TYPE, writeWadl } from './capabilities.ts';
import { acceptedBy, baseOf } from './request-parts.ts';

/** What the service can do: Retrieve Capabilities (PS3.18 8.9), by OPTIONS as the standard has it, and by GET. */
export function capabilitiesRoutes(http: FastifyInstance): void {
  serve(http, retrieveCapabilities, async ({ request, reply }) => describe(request, reply));
  // It tells nothing of anybody: no caller is asked for.
  http.options(retrieveCapabilities.path, async (request, reply) => describe(request, reply));
}

function describe(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const type = choose(acceptedBy(request), (range) => [WADL_TYPE, 'application/json'].find((offered) => takes(range.type, offered)));
  const base = baseOf(request).replace(/\/dicom-web$/, '');
  const body = type === WADL_TYPE ? writeWadl(base) : JSON.stringify({ base, transactions: listTransactions() });
  return reply.type(type).send(Buffer.from(body));
}
