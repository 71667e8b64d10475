import type { FastifyInstance } from 'fastify';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { renderedRoutes } from './rendered-routes.ts';
import { retrieveRoutes } from './retrieve-routes.ts';
import { uriRoutes } from './uri-routes.ts';

/** Everything that is retrieved with pixels. */
export function wadoRoutes(http: FastifyInstance, { transcoder }: { transcoder: Transcoder }): void {
  retrieveRoutes(http, transcoder);
  renderedRoutes(http, transcoder);
  uriRoutes(http, transcoder);
}
