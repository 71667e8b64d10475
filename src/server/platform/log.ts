import type { FastifyServerOptions } from 'fastify';

/** A DICOM UID within a line: study and object UIDs lead to a patient. Addresses and versions have fewer parts. */
const UID = /\b(?:2\.25\.\d+|[0-2](?:\.(?:0|[1-9]\d*)){5,})\b/g;

/**
 * JSON log lines that never hold patient data: the id of the request, routes by pattern instead of URL, no headers, no bodies, no query,
 * no UIDs, and of errors where they happened but not what they say, which may quote data.
 */
export function loggerOptions(level: string): FastifyServerOptions['logger'] {
  if (level === 'silent') return false;
  return {
    level,
    hooks: { streamWrite: (line: string) => line.replaceAll(UID, '[uid]') },
    serializers: {
      req: (request) => ({ method: request.method, route: request.routeOptions?.url ?? 'unknown' }),
      res: (reply) => ({ status: reply.statusCode }),
      err: errorForLog,
    },
  };
}

export type LoggedError = { type: string; message: string; code?: string; stack: string; cause?: string };

/** What the log says of an error: its kind, and where it happened. */
export function errorForLog(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: 'unknown', message: '', stack: '' };
  return {
    type: error.name,
    // Loggers ask for one; what it would say may quote data.
    message: '',
    ...('code' in error ? { code: String(error.code) } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .join('\n'),
    ...(error.cause instanceof Error
      ? { cause: 'code' in error.cause ? `${error.cause.name} ${error.cause.code}` : error.cause.name }
      : {}),
  };
}
