import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, ERROR_KINDS, type ErrorKind, type FieldError } from './errors.ts';

/** Says every failure as RFC 9457 problem details. What is not an `AppError` is logged and told without its message. */
export function answerProblems(http: FastifyInstance): void {
  http.setErrorHandler((error: FastifyError, request, reply) => {
    const { kind, detail, fields } = classify(error);
    if (ERROR_KINDS[kind].http >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, { kind, detail, fields });
  });
  http.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, { kind: 'not-found', detail: `Nothing answers ${request.method} on this path`, fields: [] }),
  );
}

type ProblemParts = { kind: ErrorKind; detail: string; fields: FieldError[] };

/** What a request failed with, once it is answered so. */
export function problemOf(request: FastifyRequest): ErrorKind | undefined {
  return answered.get(request);
}

const answered = new WeakMap<FastifyRequest, ErrorKind>();

function sendProblem(request: FastifyRequest, reply: FastifyReply, { kind, detail, fields }: ProblemParts): FastifyReply {
  const { title, http } = ERROR_KINDS[kind];
  answered.set(request, kind);
  return reply
    .status(http)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `urn:isocenter:error:${kind}`,
      title,
      status: http,
      detail,
      instance: request.routeOptions.url ?? '',
      request_id: request.id,
      timestamp: new Date().toISOString(),
      ...(fields.length > 0 ? { errors: fields } : {}),
    });
}

function classify(error: FastifyError): ProblemParts {
  if (error instanceof AppError) return { kind: error.kind, detail: error.message, fields: error.fields };
  if (error.validation) return { kind: 'invalid-request', detail: 'Some fields are not valid', fields: fieldsOf(error) };
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { kind: 'too-large', detail: 'The body is too large', fields: [] };
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { kind: 'unsupported-media-type', detail: 'This takes application/json', fields: [] };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return {
      kind: 'invalid-request',
      detail: error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? 'The body is not valid JSON' : 'The request is not valid',
      fields: [],
    };
  }
  return { kind: 'internal', detail: 'The server failed; the log holds the reason under this request id', fields: [] };
}

function fieldsOf(error: FastifyError): FieldError[] {
  return (error.validation ?? []).map((issue) => ({
    field: `${error.validationContext ?? 'request'}${issue.instancePath}`,
    message: issue.message ?? 'not valid',
  }));
}
