import { DicomError } from '../../dicom/data-set.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { parseNativeXml } from '../../dicom/parse-native-xml.ts';
import { AppError } from '../platform/errors.ts';
import { normalized } from './workitem-attributes.ts';

export const JSON_TYPE = 'application/dicom+json';
export const XML_TYPE = 'application/dicom+xml';

/** A body as the server read it: bytes of a data set's media types, or what JSON says. */
type Carrier = { body: unknown; headers: { 'content-type'?: string | undefined } };

/**
 * The data set that a request carries: one, or a list of one. Without a body it is empty.
 *
 * @throws {AppError} `invalid-request`, `unsupported-media-type`
 */
export function dataSetOf({ body, headers }: Carrier): DicomJson {
  if (body === undefined || body === null) return {};
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== JSON_TYPE && type !== XML_TYPE && type !== 'application/json')
    throw new AppError('unsupported-media-type', `This takes ${JSON_TYPE} or ${XML_TYPE}`);
  const parsed = Buffer.isBuffer(body) ? parsedAs(type, body.toString('utf8')) : body;
  const [only, ...more] = Array.isArray(parsed) ? parsed : [parsed];
  if (more.length > 0) throw new AppError('invalid-request', 'The body holds more than one data set');
  return normalized(only ?? {});
}

function parsedAs(type: string, text: string): unknown {
  try {
    return type === XML_TYPE ? parseNativeXml(text) : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof DicomError)) throw error;
    throw new AppError('invalid-request', `The body is no document of ${type}`, { cause: error });
  }
}
