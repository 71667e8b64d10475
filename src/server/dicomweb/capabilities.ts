import * as dicomweb from '../../contract/dicomweb.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import * as ups from '../../contract/ups.ts';
import { PICTURE_TYPES } from './picture.ts';
import { ROOT_TYPES } from './read-related.ts';
import { FRAME_TYPES } from './stored-frames.ts';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
const FILE = 'application/dicom';
const OCTETS = 'application/octet-stream';

/** One transaction of the service. Parameters of the path stand in braces. */
export type Transaction = {
  id: string;
  method: Endpoint['method'];
  path: string;
  summary: string;
  parameters: string[];
  /** Besides these, attributes by keyword or tag. */
  isSearch: boolean;
  takes: string[];
  gives: string[];
};

/** Every transaction of the DICOMweb service, by its address, from the objects that the server itself is made of. */
export function listTransactions(): Transaction[] {
  const transactions = Object.entries({ ...dicomweb, ...ups }).map(([id, endpoint]: [string, Endpoint]) => ({
    id,
    method: endpoint.method,
    path: endpoint.path.replaceAll(/:(\w+)/g, '{$1}'),
    summary: endpoint.summary,
    parameters: Object.keys((endpoint.query as { properties?: object } | undefined)?.properties ?? {}),
    isSearch: id.startsWith('search'),
    takes: takenBy(endpoint),
    gives: givenBy(id, endpoint),
  }));
  const place = ({ path, method }: Transaction): string => `${path} ${method}`;
  return transactions.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/**
 * The capabilities of the service as a document of the Web Application Description Language (PS3.18 8.9).
 *
 * @param base absolute address of the server
 */
export function writeWadl(base: string): string {
  const byPath = Map.groupBy(listTransactions(), ({ path }) => path);
  const resources = [...byPath].map(
    ([path, transactions]) =>
      `<resource path="${escaped(path.replace(/^\//, ''))}">${templatesOf(path)}${transactions.map(methodXml).join('')}</resource>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<application xmlns="http://wadl.dev.java.net/2009/02" xmlns:xs="http://www.w3.org/2001/XMLSchema"><resources base="${escaped(base)}/">${resources.join('')}</resources></application>`;
}

function takenBy({ method, consumes, path }: Endpoint): string[] {
  if (consumes === 'multipart/related') return ROOT_TYPES.map(related);
  const hasDataSet = path.startsWith('/dicom-web/workitems') && method !== 'GET' && !path.includes('/subscribers/');
  return hasDataSet ? [JSON_TYPE, XML_TYPE] : [];
}

function givenBy(id: string, { method, produces, path }: Endpoint): string[] {
  if (id === 'retrieveCapabilities') return [WADL_TYPE, 'application/json'];
  if (path.startsWith('/dicom-web/workitems') && method !== 'GET') return [];
  if (id === 'wadoUri') return [...Object.values(PICTURE_TYPES), FILE];
  if (path.endsWith('/thumbnail')) return [PICTURE_TYPES.jpeg, PICTURE_TYPES.png];
  if (path.endsWith('/rendered')) return [...Object.values(PICTURE_TYPES), related(PICTURE_TYPES.jpeg), related(PICTURE_TYPES.png)];
  if (path.endsWith('/:frames')) return [OCTETS, ...FRAME_TYPES].flatMap((type) => [related(type), type]);
  if (path.endsWith('/:path')) return [related(OCTETS), OCTETS];
  if (produces === 'multipart/related') return [related(FILE), FILE];
  return id === 'retrieveWorkitem' || method === 'POST' ? [JSON_TYPE, XML_TYPE] : [JSON_TYPE, related(XML_TYPE)];
}

export const WADL_TYPE = 'application/vnd.sun.wadl+xml';

function related(type: string): string {
  return `multipart/related; type="${type}"`;
}

function templatesOf(path: string): string {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return names.map((name) => `<param name="${name}" style="template" type="xs:string" required="true"/>`).join('');
}

function methodXml({ id, method, summary, parameters, isSearch, takes, gives }: Transaction): string {
  const query = [...parameters, ...(isSearch ? ['{attributeID}'] : [])].map(
    (name) => `<param name="${escaped(name)}" style="query" type="xs:string" repeating="true"/>`,
  );
  const request = `<request>${query.join('')}${takes.map(representation).join('')}</request>`;
  return `<method name="${method}" id="${id}"><doc title="${escaped(summary)}"/>${request}<response>${gives.map(representation).join('')}</response></method>`;
}

function representation(type: string): string {
  return `<representation mediaType="${escaped(type)}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
