import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Uid } from './fields.ts';

export const retrieveCapabilities = endpoint({
  method: 'GET',
  path: '/dicom-web',
  summary: 'What the service can do, as WADL or JSON (PS3.18 8.9)',
  permission: 'public',
  audit: 'none',
  produces: 'application/vnd.sun.wadl+xml',
  query: Type.Object({ accept: Type.Optional(Type.String()) }),
  response: Type.Unknown(),
});

const storeInstances = {
  method: 'POST',
  permission: 'study:write',
  consumes: 'multipart/related',
  produces: 'application/dicom+json',
  response: Type.Unknown(),
} as const;

export const storeStudies = endpoint({
  ...storeInstances,
  path: '/dicom-web/studies',
  summary: 'STOW-RS: stores objects (PS3.18 10.5): DICOM files, or DICOM JSON or XML with bulk data in parts beside them',
});
export const storeIntoStudy = endpoint({
  ...storeInstances,
  path: '/dicom-web/studies/:study_instance_uid',
  summary: 'STOW-RS into one study; objects of any other are refused',
  params: Type.Object({ study_instance_uid: Uid }),
});

/** Numbers from 1, separated by commas. */
const FrameList = Type.String({ pattern: '^[1-9][0-9]{0,8}(,[1-9][0-9]{0,8})*$', maxLength: 900 });

const studyPath = Type.Object({ study_instance_uid: Uid });
const seriesPath = Type.Object({ study_instance_uid: Uid, series_instance_uid: Uid });
const instancePath = Type.Object({ study_instance_uid: Uid, series_instance_uid: Uid, sop_instance_uid: Uid });
const framePath = Type.Object({ ...instancePath.properties, frames: FrameList });
const STUDY = '/dicom-web/studies/:study_instance_uid';
const SERIES = `${STUDY}/series/:series_instance_uid` as const;

const INSTANCE = `${SERIES}/instances/:sop_instance_uid` as const;

/** Besides these, every attribute of the level is a parameter, by keyword or tag: what it must match. */
const SearchQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Also takes person names in which each word of the key begins some word, in any order. */
  fuzzymatching: Type.Optional(Type.Boolean()),
  /** Keywords or tags, separated by commas, or `all`; may be repeated. */
  includefield: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  accept: Type.Optional(Type.String()),
});
const search = {
  method: 'GET',
  permission: 'study:read',
  produces: 'application/dicom+json',
  query: SearchQuery,
  response: Type.Unknown(),
} as const;

export const searchStudies = endpoint({
  ...search,
  path: '/dicom-web/studies',
  summary: 'QIDO-RS: studies, the newest arrival first (PS3.18 10.6); DICOM JSON, or multipart/related of application/dicom+xml',
});
export const searchSeries = endpoint({ ...search, path: '/dicom-web/series', summary: 'QIDO-RS: series of all studies' });
export const searchInstances = endpoint({ ...search, path: '/dicom-web/instances', summary: 'QIDO-RS: instances of all studies' });
export const searchSeriesOfStudy = endpoint({
  ...search,
  path: `${STUDY}/series`,
  summary: 'QIDO-RS: series of a study, by number',
  params: studyPath,
});
export const searchInstancesOfStudy = endpoint({
  ...search,
  path: `${STUDY}/instances`,
  summary: 'QIDO-RS: instances of a study, by series and number',
  params: studyPath,
});
export const searchInstancesOfSeries = endpoint({
  ...search,
  path: `${SERIES}/instances`,
  summary: 'QIDO-RS: instances of a series, by number',
  params: seriesPath,
});

const AcceptQuery = Type.Object({ accept: Type.Optional(Type.String()) });
const retrieve = { method: 'GET', permission: 'study:read', query: AcceptQuery, response: Type.Unknown() } as const;
const dicom = { ...retrieve, produces: 'multipart/related' } as const;
const metadata = { ...retrieve, produces: 'application/dicom+json' } as const;

export const retrieveStudy = endpoint({
  ...dicom,
  path: STUDY,
  summary: 'WADO-RS: the files of a study in the transfer syntax of Accept, without one in explicit VR little endian, with `*` as stored',
  params: studyPath,
});
export const retrieveSeries = endpoint({ ...dicom, path: SERIES, summary: 'WADO-RS: the files of a series', params: seriesPath });
export const retrieveInstance = endpoint({
  ...dicom,
  path: INSTANCE,
  summary: 'WADO-RS: one file, in parts or (Accept: application/dicom) as it is, with byte ranges',
  params: instancePath,
});
export const retrieveStudyMetadata = endpoint({
  ...metadata,
  path: `${STUDY}/metadata`,
  summary: 'WADO-RS: attributes of every instance of a study, bulk data as links; DICOM JSON or XML',
  params: studyPath,
});
export const retrieveSeriesMetadata = endpoint({
  ...metadata,
  path: `${SERIES}/metadata`,
  summary: 'WADO-RS: attributes of every instance of a series',
  params: seriesPath,
});
export const retrieveInstanceMetadata = endpoint({
  ...metadata,
  path: `${INSTANCE}/metadata`,
  summary: 'WADO-RS: attributes of an instance',
  params: instancePath,
});
export const retrieveFrames = endpoint({
  ...dicom,
  path: `${INSTANCE}/frames/:frames`,
  summary: 'WADO-RS: frames by number, from 1, separated by commas; uncompressed, or in the media type and transfer syntax of Accept',
  params: framePath,
});
export const retrieveBulkData = endpoint({
  ...dicom,
  path: `${INSTANCE}/bulkdata/:path`,
  summary: 'WADO-RS: a binary value that metadata links to, with byte ranges',
  params: Type.Object({
    ...instancePath.properties,
    path: Type.String({ pattern: '^[0-9A-F]{8}(\\.[0-9]+\\.[0-9A-F]{8})*$', maxLength: 900 }),
  }),
});

const RenderQuery = Type.Object({
  ...AcceptQuery.properties,
  /** Center, width and function: `linear`, `linear-exact` or `sigmoid`. */
  window: Type.Optional(Type.String()),
  /** Width and height to fit into, in pixels; then, optionally, x, y, width and height of the region to show. */
  viewport: Type.Optional(Type.String()),
  /** Of JPEG. */
  quality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** `patient`, `technique` or both, separated by a comma: what is written into the picture. */
  annotation: Type.Optional(Type.String()),
});
const render = { ...retrieve, query: RenderQuery, produces: 'image/jpeg' } as const;

export const renderStudy = endpoint({
  ...render,
  path: `${STUDY}/rendered`,
  summary: 'WADO-RS: pictures of a study as image/jpeg or image/png parts, or all together as an animation (image/gif)',
  params: studyPath,
});
export const renderSeries = endpoint({
  ...render,
  path: `${SERIES}/rendered`,
  summary: 'WADO-RS: pictures of a series',
  params: seriesPath,
});
export const renderInstance = endpoint({
  ...render,
  path: `${INSTANCE}/rendered`,
  summary: 'WADO-RS: the first frame as JPEG or PNG, all frames as parts, or as an animation (image/gif)',
  params: instancePath,
});
export const renderFrames = endpoint({
  ...render,
  path: `${INSTANCE}/frames/:frames/rendered`,
  summary: 'WADO-RS: pictures of frames',
  params: framePath,
});
export const studyThumbnail = endpoint({
  ...render,
  path: `${STUDY}/thumbnail`,
  summary: 'WADO-RS: a small picture of the middle of a study',
  params: studyPath,
});
export const seriesThumbnail = endpoint({
  ...render,
  path: `${SERIES}/thumbnail`,
  summary: 'WADO-RS: a small picture of a series',
  params: seriesPath,
});
export const instanceThumbnail = endpoint({
  ...render,
  path: `${INSTANCE}/thumbnail`,
  summary: 'WADO-RS: a small picture of an instance',
  params: instancePath,
});
export const frameThumbnail = endpoint({
  ...render,
  path: `${INSTANCE}/frames/:frames/thumbnail`,
  summary: 'WADO-RS: a small picture of a frame',
  params: framePath,
});

export const wadoUri = endpoint({
  ...retrieve,
  path: '/dicom-web/wado',
  summary: 'WADO-URI: an instance as JPEG, PNG, GIF or DICOM (PS3.18 9)',
  produces: 'image/jpeg',
  query: Type.Object({
    requestType: Type.Literal('WADO'),
    studyUID: Uid,
    seriesUID: Uid,
    objectUID: Uid,
    /** `image/jpeg` (default), `image/png`, `image/gif` or `application/dicom`. */
    contentType: Type.Optional(Type.String()),
    /** Of `application/dicom`. */
    transferSyntax: Type.Optional(Type.String()),
    anonymize: Type.Optional(Type.String()),
    presentationUID: Type.Optional(Type.String()),
    frameNumber: Type.Optional(Type.Integer({ minimum: 1 })),
    windowCenter: Type.Optional(Type.Number()),
    windowWidth: Type.Optional(Type.Number({ minimum: 1 })),
    imageQuality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** Largest height and width, in pixels. */
    rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
    columns: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
    /** Left, top, right and bottom, each from 0 to 1. */
    region: Type.Optional(Type.String()),
    /** As of rendered pictures. */
    annotation: Type.Optional(Type.String()),
  }),
});
