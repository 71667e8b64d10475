import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { retrieveInstanceMetadata, retrieveSeriesMetadata, retrieveStudyMetadata } from '../../contract/dicomweb.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { writeNativeXml } from '../../dicom/dicom-xml.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { choose, type MediaRange, partType, takes } from './accept.ts';
import { etagOf } from './http-validators.ts';
import { acceptedBy, baseOf, instancePathOf, isUnchanged } from './request-parts.ts';
import { findDicomJson, type HeldInstance, listHeldInstances, type Resource } from './retrieve-repository.ts';
import { sendParts } from './retrieve-routes.ts';
import { metadataOf } from './stored-metadata.ts';
import type { RelatedPart } from './write-related.ts';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
/** Instances whose JSON is in memory at a time. */
const BATCH = 200;

type MetadataCall = { request: FastifyRequest; reply: FastifyReply; scope: Scope };

/** Retrieve metadata: WADO-RS (PS3.18 10.4). */
export function metadataRoutes(http: FastifyInstance): void {
  const send = async (resource: Resource, { request, reply, scope: { db } }: MetadataCall): Promise<FastifyReply> => {
    const format = metadataFormatOf(acceptedBy(request));
    const [instances, base] = [await listHeldInstances(db, resource), baseOf(request)];
    const etag = etagOf(format, base, ...instances.map(({ blob_key }) => blob_key));
    if (isUnchanged(request, reply, `W/${etag}`)) return reply.status(304).send();
    const documents = metadataTexts(db, instances, base);
    if (format === 'json') return reply.type(JSON_TYPE).send(Readable.from(jsonArray(documents)));
    return sendParts(reply, XML_TYPE, xmlParts(documents));
  };
  serve(http, retrieveStudyMetadata, async (call) => send(call.params, call));
  serve(http, retrieveSeriesMetadata, async (call) => send(call.params, call));
  serve(http, retrieveInstanceMetadata, async (call) => send(call.params, call));
}

/** Format in which data sets are given: DICOM JSON, or XML in parts. */
export function metadataFormatOf(ranges: readonly MediaRange[]): 'json' | 'xml' {
  return choose(ranges, (range) => {
    if (takes(range.type, JSON_TYPE) || range.type === 'application/json') return 'json' as const;
    return takes(partType(range) ?? '', XML_TYPE) ? ('xml' as const) : undefined;
  });
}

async function* metadataTexts(db: Db, instances: readonly HeldInstance[], base: string): AsyncGenerator<string> {
  for (let start = 0; start < instances.length; start += BATCH) {
    const batch = instances.slice(start, start + BATCH);
    const texts = await findDicomJson(
      db,
      batch.map(({ sop_instance_uid }) => sop_instance_uid),
    );
    for (const instance of batch) {
      const text = texts.get(instance.sop_instance_uid);
      if (text !== undefined) yield metadataOf(text, instance, `${base}${instancePathOf(instance)}`);
    }
  }
}

async function* jsonArray(documents: AsyncIterable<string>): AsyncGenerator<string> {
  let before = '[';
  for await (const document of documents) {
    yield before + document;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

async function* xmlParts(documents: AsyncIterable<string>): AsyncGenerator<RelatedPart> {
  for await (const document of documents)
    yield { contentType: XML_TYPE, body: Buffer.from(writeNativeXml(parseColumn<DicomJson>(document))) };
}
