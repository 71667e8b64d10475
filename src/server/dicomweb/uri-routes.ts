import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { wadoUri } from '../../contract/dicomweb.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { choose, parseAccept, takes } from './accept.ts';
import { bytesSource } from './byte-source.ts';
import { etagOf } from './http-validators.ts';
import { openPictures, PICTURE_TYPES, type PictureRequest, pictureOptionsOf } from './picture.ts';
import { representationOf } from './representation.ts';
import { isUnchanged } from './request-parts.ts';
import { getInstance, hasFrames } from './retrieve-repository.ts';
import { sendFile, sendSource } from './retrieve-routes.ts';

const DICOM = 'application/dicom';
type UriQuery = Static<(typeof wadoUri)['query']>;

/** WADO-URI: one instance, named and described by parameters (PS3.18 9). */
export function uriRoutes(http: FastifyInstance, transcoder: Transcoder): void {
  serve(http, wadoUri, async ({ query, scope, request, reply }) => {
    if (query.anonymize !== undefined) throw new AppError('not-acceptable', 'Objects are not de-identified here');
    // A picture without what the author of the state marked would say something else.
    if (query.presentationUID !== undefined) throw new AppError('not-acceptable', 'Presentation states are not applied here');
    const uids = { study_instance_uid: query.studyUID, series_instance_uid: query.seriesUID, sop_instance_uid: query.objectUID };
    const instance = await getInstance(scope.db, uids);
    // What cannot be shown is given as it is, if the client leaves the choice.
    const asked = parseAccept(query.contentType ?? (hasFrames(instance) ? PICTURE_TYPES.jpeg : DICOM));
    const type = choose(asked, (range) => [...Object.values(PICTURE_TYPES), DICOM].find((offered) => takes(range.type, offered)));
    const etag = etagOf(instance.blob_key, type, JSON.stringify(query));
    if (isUnchanged(request, reply, etag)) return reply.status(304).send();

    if (type === DICOM) {
      const representation = representationOf(instance, query.transferSyntax);
      if (!representation) throw new AppError('not-acceptable', 'The object cannot be given in that transfer syntax');
      return sendFile({ ...scope, transcoder }, { instance, representation, type: DICOM }, { request, reply });
    }
    // PS3.18 9.5.2: not what is missing, but a wrong parameter.
    if ((query.frameNumber ?? 1) > instance.number_of_frames) throw new AppError('invalid-request', 'The object has not so many frames');
    const options = uriOptionsOf(query, { type, rows: instance.rows ?? 1, columns: instance.columns ?? 1 });
    const all = Array.from({ length: instance.number_of_frames }, (_, index) => index + 1);
    const numbers = query.frameNumber !== undefined ? [query.frameNumber] : type === PICTURE_TYPES.gif ? all : [1];
    const picture = await openPictures({ ...scope, transcoder }, instance, numbers);
    return sendSource({ request, reply }, type, bytesSource(await picture([...numbers.keys()], options)));
  });
}

type Shape = { type: string; rows: number; columns: number };

function uriOptionsOf(query: UriQuery, { type, rows, columns }: Shape): PictureRequest {
  const { windowCenter: center, windowWidth: width, imageQuality: quality, annotation } = query;
  if ((center === undefined) !== (width === undefined)) throw new AppError('invalid-request', 'windowCenter and windowWidth go together');
  const format = (['png', 'gif'] as const).find((name) => PICTURE_TYPES[name] === type) ?? 'jpeg';
  const parameters = { ...(quality === undefined ? {} : { quality }), ...(annotation === undefined ? {} : { annotation }) };
  const options = pictureOptionsOf(parameters, format);
  if (center !== undefined && width !== undefined) options.window = { center, width };
  if (query.region !== undefined) {
    const [left = -1, top = -1, right = -1, bottom = -1] = query.region.split(',').map(Number);
    if (!(left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && left < right && top < bottom))
      throw new AppError('invalid-request', 'region takes left, top, right and bottom, each from 0 to 1');
    options.region = { x: left * columns, y: top * rows, width: (right - left) * columns, height: (bottom - top) * rows };
  }
  if (query.rows !== undefined || query.columns !== undefined)
    options.fit = { width: query.columns ?? MAX_SIDE, height: query.rows ?? MAX_SIDE, enlarge: true };
  return options;
}

/** Of a side that the client leaves open. */
const MAX_SIDE = 4_096;
