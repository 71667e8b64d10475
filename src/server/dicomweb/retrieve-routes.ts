import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { retrieveBulkData, retrieveFrames, retrieveInstance, retrieveSeries, retrieveStudy } from '../../contract/dicomweb.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { readFrameByRow } from '../studies/read-frame.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { choose, type MediaRange, partType, takes } from './accept.ts';
import { findBulkData } from './bulk-data.ts';
import { type ByteSource, bytesSource, rangeSource } from './byte-source.ts';
import { etagOf, parseRange } from './http-validators.ts';
import { type Representation, readRepresentation, representationOf } from './representation.ts';
import { acceptedBy, baseOf, instancePathOf, isUnchanged } from './request-parts.ts';
import { getInstance, type HeldInstance, listHeldInstances, type Resource } from './retrieve-repository.ts';
import { frameFormatOf, frameIn, openFrames } from './stored-frames.ts';
import { bulkDataUrl } from './stored-metadata.ts';
import { joinRelated, type RelatedPart, writeRelated } from './write-related.ts';

const DICOM = 'application/dicom';
const OCTETS = 'application/octet-stream';

export type RetrieveDeps = { db: Db; blobs: BlobStore; transcoder: Transcoder };
type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** Retrieve: files, frames and bulk data by WADO-RS (PS3.18 10.4). */
export function retrieveRoutes(http: FastifyInstance, transcoder: Transcoder): void {
  serve(http, retrieveStudy, async (call) => sendFiles({ ...call.scope, transcoder }, call.params, call));
  serve(http, retrieveSeries, async (call) => sendFiles({ ...call.scope, transcoder }, call.params, call));
  serve(http, retrieveInstance, async (call) => sendFiles({ ...call.scope, transcoder }, call.params, call));
  serve(http, retrieveFrames, async (call) => sendFrames({ ...call.scope, transcoder }, call.params, call));
  serve(http, retrieveBulkData, async (call) => sendBulkData({ ...call.scope, transcoder }, call.params, call));
}

type FileFormat = { isMultipart: boolean; files: { instance: HeldInstance; representation: Representation }[] };

async function sendFiles(deps: RetrieveDeps, resource: Resource, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const instances = await listHeldInstances(deps.db, resource);
  const { isMultipart, files } = choose(acceptedBy(request), (range) => fileFormatOf(range, instances));
  const etag = etagOf(
    String(isMultipart),
    ...files.map(({ instance, representation }) => `${instance.blob_key} ${representation.transferSyntaxUid}`),
  );
  if (isUnchanged(request, reply, isMultipart ? `W/${etag}` : etag)) return reply.status(304).send();
  const [first] = files;
  if (!isMultipart && first) return sendFile(deps, first, exchange);

  const base = baseOf(request);
  const parts = async function* (): AsyncGenerator<RelatedPart> {
    // While one file goes out, the next is read.
    let next = first && ahead(deps, first);
    try {
      for (const [index, { instance }] of files.entries()) {
        const file = await next;
        const following = files[index + 1];
        next = following && ahead(deps, following);
        if (file) yield { contentType: fileType(file.representation), location: `${base}${instancePathOf(instance)}`, body: file.content };
      }
    } finally {
      // Of a client who went away: what was opened for it must be closed.
      void next?.then(({ content }) => closeContent(content)).catch(() => undefined);
    }
  };
  return sendParts(reply, DICOM, parts());
}

type ReadFile = { content: Uint8Array | Readable; representation: Representation };

/** Begins to read a file; whether it can be read is asked when its turn comes. */
function ahead(deps: RetrieveDeps, file: FileFormat['files'][number]): Promise<ReadFile> {
  const reading = readFile(deps, file);
  reading.catch(() => undefined);
  return reading;
}

/** A part says itself how it is written: what turns out not to fit into the syntax is given as it is stored, and does not end the others. */
async function readFile(deps: RetrieveDeps, { instance, representation }: FileFormat['files'][number]): Promise<ReadFile> {
  try {
    return { content: await readRepresentation(deps, instance, representation), representation };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'not-acceptable') throw error;
    const asStored = { transferSyntaxUid: instance.transfer_syntax_uid, isStored: true };
    return { content: await readRepresentation(deps, instance, asStored), representation: asStored };
  }
}

function closeContent(content: Uint8Array | Readable): void {
  if (!(content instanceof Uint8Array)) content.destroy();
}

/** The same for every file, or nothing: a range whose transfer syntax one of them cannot be given in does not count. */
function fileFormatOf(range: MediaRange, instances: readonly HeldInstance[]): FileFormat | undefined {
  const parts = partType(range) ?? (range.type === '*/*' ? DICOM : undefined);
  const isMultipart = parts !== undefined;
  if (!takes(parts ?? range.type, DICOM) || (!isMultipart && instances.length > 1)) return undefined;
  const files = instances.flatMap((instance) => {
    const representation = representationOf(instance, range.parameters['transfer-syntax']);
    return representation ? [{ instance, representation }] : [];
  });
  return files.length === instances.length ? { isMultipart, files } : undefined;
}

/** One file, whole or the range of it that the client asks for. */
export async function sendFile(
  deps: RetrieveDeps,
  file: FileFormat['files'][number] & { type?: string },
  exchange: Exchange,
): Promise<FastifyReply> {
  const { instance, representation } = file;
  const { request, reply } = exchange;
  const type = file.type ?? fileType(representation);
  const content = await readRepresentation(deps, instance, representation);
  if (content instanceof Uint8Array) return sendSource(exchange, type, bytesSource(content));
  if (!representation.isStored) return reply.type(type).send(content);
  if (request.headers.range !== undefined) {
    content.destroy();
    return sendSource(exchange, type, rangeSource(deps.blobs, instance.blob_key, { start: 0, size: instance.blob_size }));
  }
  // Read in one go, its hash is checked on the way.
  return reply.headers({ 'content-length': instance.blob_size, 'accept-ranges': 'bytes' }).type(type).send(content);
}

function fileType({ transferSyntaxUid }: Representation): string {
  return `${DICOM}; transfer-syntax=${transferSyntaxUid}`;
}

async function sendFrames(
  deps: RetrieveDeps,
  resource: Required<Resource> & { frames: string },
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const instance = await getInstance(deps.db, resource);
  const numbers = resource.frames.split(',').map(Number);
  const frameAt = await openFrames(deps.blobs, instance, numbers);
  const format = choose(acceptedBy(request), (range) => frameFormatOf(range, instance, numbers.length));
  const etag = etagOf(instance.blob_key, resource.frames, JSON.stringify(format));
  if (isUnchanged(request, reply, format.isMultipart ? `W/${etag}` : etag)) return reply.status(304).send();

  const bytesAt = async (index: number): Promise<Uint8Array> => {
    const number = numbers[index] ?? 1;
    if (format.isTranscoded) return frameIn(deps.transcoder, await frameAt(index), { target: format.transferSyntaxUid, number });
    return (await readFrameByRow(deps.blobs, instance, number)) ?? (await frameAt(index)).frame;
  };
  // Before the head of the answer goes out, so that what cannot be given is still told.
  const first = await bytesAt(0);
  const type = `${format.type}; transfer-syntax=${format.transferSyntaxUid}`;
  if (!format.isMultipart) return sendSource(exchange, type, bytesSource(first));
  const url = `${baseOf(request)}${instancePathOf(instance)}/frames`;
  const partOf = (number: number | undefined, body: Uint8Array) => ({ contentType: type, location: `${url}/${number}`, body });
  if (numbers.length === 1) {
    const { contentType, content } = joinRelated(type, partOf(numbers[0], first));
    return reply.type(contentType).send(content);
  }
  const parts = async function* (): AsyncGenerator<RelatedPart> {
    for (const [index, number] of numbers.entries()) yield partOf(number, index === 0 ? first : await bytesAt(index));
  };
  return sendParts(reply, type, parts());
}

async function sendBulkData(
  deps: RetrieveDeps,
  resource: Required<Resource> & { path: string },
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const instance = await getInstance(deps.db, resource);
  const sources = await findBulkData(deps.blobs, instance, resource.path);
  const [only, ...more] = sources;
  const { isMultipart } = choose(acceptedBy(request), (range) => {
    const parts = partType(range) ?? (range.type === '*/*' ? OCTETS : undefined);
    return takes(parts ?? range.type, OCTETS) && (parts !== undefined || more.length === 0)
      ? { isMultipart: parts !== undefined }
      : undefined;
  });
  const etag = etagOf(instance.blob_key, resource.path, String(isMultipart));
  if (isUnchanged(request, reply, isMultipart ? `W/${etag}` : etag)) return reply.status(304).send();
  if (!isMultipart && only) return sendSource(exchange, OCTETS, only);
  const location = bulkDataUrl(`${baseOf(request)}${instancePathOf(instance)}`, resource.path);
  const parts = sources.map((source) => ({ contentType: OCTETS, location, body: source.read(0, source.size - 1) }));
  return sendParts(reply, OCTETS, parts);
}

/** The whole, or the range that the client asks for. */
export function sendSource({ request, reply }: Exchange, type: string, source: ByteSource): FastifyReply {
  const range = parseRange(request.headers.range, source.size);
  const { start, end } = range ?? { start: 0, end: source.size - 1 };
  if (range) reply.status(206).header('content-range', `bytes ${start}-${end}/${source.size}`);
  return reply
    .headers({ 'content-length': end - start + 1, 'accept-ranges': 'bytes' })
    .type(type)
    .send(source.held ? asBuffer(source.held.subarray(start, end + 1)) : Readable.from(source.read(start, end)));
}

/** The same memory. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Parts of one media type, each made when the one before has gone out. */
export function sendParts(reply: FastifyReply, type: string, parts: AsyncIterable<RelatedPart> | Iterable<RelatedPart>): FastifyReply {
  const { contentType, content } = writeRelated(type, parts);
  return reply.type(contentType).send(Readable.from(content));
}
