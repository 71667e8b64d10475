import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { storeIntoStudy, storeStudies } from '../../contract/dicomweb.ts';
import { stringifyDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { writeNativeXml } from '../../dicom/dicom-xml.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import type { StoreDeps } from '../studies/store-instance.ts';
import { takes } from './accept.ts';
import { readRelated, rootTypeOf } from './read-related.ts';
import { acceptedBy, baseOf } from './request-parts.ts';
import { type Outcome, storeResponseOf, storeStatusOf } from './store-answer.ts';
import { refusePart, storeAssembled, storeFile } from './store-objects.ts';
import { collectParts, forgetParts } from './store-parts.ts';

type StowDeps = Omit<StoreDeps, keyof Scope> & { maxUploadBytes: number };
type Exchange = { request: FastifyRequest; reply: FastifyReply; maxBytes: number };

/** Store Instances over the web (PS3.18 10.5): files as parts, or attributes in JSON or XML with bulk data beside them. */
export function stowRoutes(http: FastifyInstance, deps: StowDeps): void {
  const maxBytes = deps.maxUploadBytes;
  serve(http, storeStudies, async ({ request, scope, reply }) => store({ ...deps, ...scope }, { request, reply, maxBytes }));
  serve(http, storeIntoStudy, async ({ params, request, scope, reply }) =>
    store({ ...deps, ...scope, onlyStudy: params.study_instance_uid }, { request, reply, maxBytes }),
  );
}

async function store(deps: StoreDeps, { request, reply, maxBytes }: Exchange): Promise<FastifyReply> {
  const root = rootTypeOf(request.headers['content-type'] ?? '');
  // Whoever accepts neither still learns what became of the objects.
  const isXml = acceptedBy(request).find(({ type }) => takes(type, JSON_TYPE) || takes(type, XML_TYPE))?.type === XML_TYPE;
  const outcomes: Outcome[] = [];
  if (root === 'application/dicom') {
    await readRelated(request, maxBytes, async ({ type, content }) => {
      outcomes.push(await (isFile(type) ? storeFile(deps, content) : refusePart(content)));
    });
  } else {
    const { parts, take } = collectParts(deps.blobs, root);
    try {
      await readRelated(request, maxBytes, take);
      outcomes.push(...(await storeAssembled(deps, root, parts)));
    } finally {
      await forgetParts(deps.blobs, parts);
    }
  }
  const response = toDicomJson(storeResponseOf(outcomes, baseOf(request)));
  reply.status(storeStatusOf(outcomes));
  return isXml ? reply.type(XML_TYPE).send(writeNativeXml(response)) : reply.type(JSON_TYPE).send(stringifyDicomJson(response));
}

/** Parts that do not say what they are, are taken for what the request says. */
function isFile(type: string | undefined): boolean {
  return type === undefined || type === 'application/dicom' || type === 'application/octet-stream';
}

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
