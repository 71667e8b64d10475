import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  frameThumbnail,
  instanceThumbnail,
  renderFrames,
  renderInstance,
  renderSeries,
  renderStudy,
  seriesThumbnail,
  studyThumbnail,
} from '../../contract/dicomweb.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { InstanceRow } from '../studies/queries.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { choose } from './accept.ts';
import { bytesSource } from './byte-source.ts';
import { etagOf } from './http-validators.ts';
import {
  animateInstances,
  openPictures,
  PICTURE_TYPES,
  type PictureRequest,
  pictureFormatOf,
  pictureOptionsOf,
  type RenderParameters,
  thumbnailOptionsOf,
} from './picture.ts';
import { acceptedBy, isUnchanged } from './request-parts.ts';
import { getInstance, type HeldInstance, hasFrames, listHeldInstances, type Resource } from './retrieve-repository.ts';
import { type RetrieveDeps, sendParts, sendSource } from './retrieve-routes.ts';
import type { RelatedPart } from './write-related.ts';

type RenderCall = { request: FastifyRequest; reply: FastifyReply; query: RenderParameters };

/** Retrieve rendered: pictures by WADO-RS (PS3.18 10.4, 8.3.5). */
export function renderedRoutes(http: FastifyInstance, transcoder: Transcoder): void {
  serve(http, renderStudy, async (call) => sendAll({ ...call.scope, transcoder }, call.params, call));
  serve(http, renderSeries, async (call) => sendAll({ ...call.scope, transcoder }, call.params, call));
  serve(http, renderInstance, async (call) => {
    const instance = await getInstance(call.scope.db, call.params);
    return sendInstance({ ...call.scope, transcoder }, { instance, frames: undefined }, call);
  });
  serve(http, renderFrames, async (call) => {
    const instance = await getInstance(call.scope.db, call.params);
    return sendInstance({ ...call.scope, transcoder }, { instance, frames: call.params.frames.split(',').map(Number) }, call);
  });
  serve(http, studyThumbnail, async (call) => sendThumbnail({ ...call.scope, transcoder }, { resource: call.params }, call));
  serve(http, seriesThumbnail, async (call) => sendThumbnail({ ...call.scope, transcoder }, { resource: call.params }, call));
  serve(http, instanceThumbnail, async (call) => sendThumbnail({ ...call.scope, transcoder }, { resource: call.params }, call));
  serve(http, frameThumbnail, async (call) => {
    const [frame, ...more] = call.params.frames.split(',').map(Number);
    if (frame === undefined || more.length > 0) throw new AppError('invalid-request', 'A thumbnail is of one frame');
    return sendThumbnail({ ...call.scope, transcoder }, { resource: call.params, frame }, call);
  });
}

/** Every frame of every instance that holds pixels, as parts or as one animation; a picture that cannot be made is no part. */
async function sendAll(deps: RetrieveDeps, resource: Resource, { request, reply, query }: RenderCall): Promise<FastifyReply> {
  const instances = (await listHeldInstances(deps.db, resource)).filter(hasFrames);
  if (instances.length === 0) throw new AppError('not-acceptable', 'The resource holds no pictures');
  const [only, ...more] = instances;
  const isSingle = more.length === 0 && only?.number_of_frames === 1;
  const { format, isMultipart } = choose(acceptedBy(request), (range) => pictureFormatOf(range, { isSingle }));
  const options = pictureOptionsOf(query, format);
  const etag = etagOf(JSON.stringify(options), ...instances.map(({ blob_key }) => blob_key));
  if (isUnchanged(request, reply, isMultipart ? `W/${etag}` : etag)) return reply.status(304).send();
  const type = PICTURE_TYPES[format];
  if (format === 'gif')
    return sendSource({ request, reply }, type, bytesSource(await animateInstances(deps, rowsOf(deps, instances), options)));
  if (!isMultipart && only) {
    const instance = await getInstance(deps.db, only);
    const picture = await openPictures(deps, instance, [1]);
    return sendSource({ request, reply }, type, bytesSource(await picture([0], options)));
  }
  return sendParts(reply, type, partsOf(deps, instances, { type, options }));
}

async function* rowsOf({ db }: RetrieveDeps, instances: readonly HeldInstance[]): AsyncGenerator<InstanceRow> {
  for (const held of instances) yield await getInstance(db, held);
}

async function* partsOf(
  deps: RetrieveDeps,
  instances: readonly HeldInstance[],
  { type, options }: { type: string; options: PictureRequest },
): AsyncGenerator<RelatedPart> {
  for (const held of instances) {
    const instance = await getInstance(deps.db, held);
    const numbers = numbersOf(instance);
    const picture = await unlessHidden(openPictures(deps, instance, numbers));
    for (const index of numbers.keys()) {
      const body = picture && (await unlessHidden(picture([index], options)));
      if (body) yield { contentType: type, body };
    }
  }
}

function numbersOf({ number_of_frames }: Pick<InstanceRow, 'number_of_frames'>): number[] {
  return Array.from({ length: number_of_frames }, (_, index) => index + 1);
}

/** Undefined for pixels that cannot be decoded: the head of the answer has gone out, and the others can be shown. */
async function unlessHidden<T>(made: Promise<T>): Promise<T | undefined> {
  return made.catch((error: unknown) => {
    if (error instanceof AppError && (error.kind === 'not-acceptable' || error.kind === 'no-pixels')) return undefined;
    throw error;
  });
}

/** The named frames, else all: the first of them as a picture, each as a part, or together as an animation. */
async function sendInstance(
  deps: RetrieveDeps,
  { instance, frames }: { instance: InstanceRow; frames: readonly number[] | undefined },
  { request, reply, query }: RenderCall,
): Promise<FastifyReply> {
  const isSingle = frames === undefined || frames.length === 1;
  const { format, isMultipart } = choose(acceptedBy(request), (range) => pictureFormatOf(range, { isSingle }));
  const options = pictureOptionsOf(query, format);
  const etag = etagOf(instance.blob_key, JSON.stringify([options, frames ?? 'all', isMultipart]));
  if (isUnchanged(request, reply, isMultipart ? `W/${etag}` : etag)) return reply.status(304).send();
  const type = PICTURE_TYPES[format];
  const all = frames ?? numbersOf(instance);
  const numbers = isMultipart || format === 'gif' ? all : all.slice(0, 1);
  const picture = await openPictures(deps, instance, numbers);
  // Before the head of the answer goes out, so that what cannot be shown is still told.
  const first = await picture(format === 'gif' ? [...numbers.keys()] : [0], options);
  if (!isMultipart) return sendSource({ request, reply }, type, bytesSource(first));
  const parts = async function* (): AsyncGenerator<RelatedPart> {
    for (const index of numbers.keys()) yield { contentType: type, body: index === 0 ? first : await picture([index], options) };
  };
  return sendParts(reply, type, parts());
}

/** Of the instance in the middle of those that hold pixels, its middle frame unless one is named. */
async function sendThumbnail(
  deps: RetrieveDeps,
  { resource, frame }: { resource: Resource; frame?: number },
  { request, reply, query }: RenderCall,
): Promise<FastifyReply> {
  const instances = (await listHeldInstances(deps.db, resource)).filter(hasFrames);
  const held = instances[Math.floor(instances.length / 2)];
  if (!held) throw new AppError('not-acceptable', 'The resource holds no pictures');
  const { format } = choose(acceptedBy(request), (range) => {
    const offered = pictureFormatOf(range, { isSingle: true });
    return offered && !offered.isMultipart && offered.format !== 'gif' ? offered : undefined;
  });
  const options = thumbnailOptionsOf(query, format);
  const number = frame ?? Math.ceil(held.number_of_frames / 2);
  if (isUnchanged(request, reply, etagOf(held.blob_key, JSON.stringify([options, number])))) return reply.status(304).send();
  const instance = await getInstance(deps.db, held);
  const picture = await openPictures(deps, instance, [number]);
  return sendSource({ request, reply }, PICTURE_TYPES[format], bytesSource(await picture([0], options)));
}
