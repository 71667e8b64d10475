import type { FastifyServerOptions } from 'fastify';

/** JSON log lines that never hold patient data: routes by pattern instead of URL, no headers, no bodies, no query. */
export function loggerOptions(level: string): FastifyServerOptions['logger'] {
  if (level === 'silent') return false;
  return {
    level,
    serializers: {
      req: (request) => ({ method: request.method, route: request.routeOptions?.url ?? 'unknown' }),
      res: (reply) => ({ status: reply.statusCode }),
    },
  };
}
