import type { FastifyInstance } from 'fastify';
import { renderedRoutes } from './rendered-routes.ts';
import { type RetrieveDeps, retrieveRoutes } from './retrieve-routes.ts';
import { openTranscoder } from './transcoder.ts';
import { uriRoutes } from './uri-routes.ts';

/** Everything that is retrieved with pixels, over one pool of threads for the codecs, which ends with the server. */
export function wadoRoutes(http: FastifyInstance, { db, blobs }: Omit<RetrieveDeps, 'transcoder'>): void {
  const transcoder = openTranscoder();
  http.addHook('onClose', async () => transcoder.close());
  const deps = { db, blobs, transcoder };
  retrieveRoutes(http, deps);
  renderedRoutes(http, deps);
  uriRoutes(http, deps);
}
