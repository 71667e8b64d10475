import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  searchInstances,
  searchInstancesOfSeries,
  searchInstancesOfStudy,
  searchSeries,
  searchSeriesOfStudy,
  searchStudies,
} from '../../contract/dicomweb.ts';
import { type DicomJson, stringifyDicomJson } from '../../dicom/dicom-json.ts';
import { writeNativeXml } from '../../dicom/dicom-xml.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import type { Level } from '../studies/attribute-levels.ts';
import type { Scope as Within } from '../studies/search-filter.ts';
import { metadataFormatOf } from './metadata-routes.ts';
import { parseSearch } from './parse-search.ts';
import { acceptedBy, baseOf } from './request-parts.ts';
import { sendParts } from './retrieve-routes.ts';
import { runSearch } from './search.ts';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';

type SearchCall = { request: FastifyRequest; reply: FastifyReply; scope: Scope };

/** Search: QIDO-RS (PS3.18 10.6). */
export function qidoRoutes(http: FastifyInstance): void {
  const search = async (call: SearchCall, level: Level, within: Within = {}): Promise<FastifyReply> => {
    const {
      request,
      reply,
      scope: { db },
    } = call;
    const format = metadataFormatOf(acceptedBy(request));
    // Any attribute may be a parameter: `parseSearch` knows them, the schema does not.
    const query = request.query as Readonly<Record<string, unknown>>;
    const base = baseOf(request);
    const { results, warnings } = await runSearch(db, parseSearch(level, within, query), base);
    if (warnings.length > 0)
      reply.header(
        'warning',
        warnings.map((text) => `299 ${base} "${text}"`),
      );
    // PS3.18 8.3.4.4.1.
    if (results.length === 0) return reply.status(204).send();
    if (format === 'xml') return sendXml(reply, results);
    // As bytes: to text the server would add a character set, which the media type does not have.
    return reply.type(JSON_TYPE).send(Buffer.from(`[${results.map(stringifyDicomJson).join(',')}]`));
  };

  serve(http, searchStudies, async (call) => search(call, 'study'));
  serve(http, searchSeries, async (call) => search(call, 'series'));
  serve(http, searchInstances, async (call) => search(call, 'instance'));
  serve(http, searchSeriesOfStudy, async (call) => search(call, 'series', { study: call.params.study_instance_uid }));
  serve(http, searchInstancesOfStudy, async (call) => search(call, 'instance', { study: call.params.study_instance_uid }));
  serve(http, searchInstancesOfSeries, async (call) =>
    search(call, 'instance', { study: call.params.study_instance_uid, series: call.params.series_instance_uid }),
  );
}

function sendXml(reply: FastifyReply, results: readonly DicomJson[]): FastifyReply {
  const parts = results.map((json) => ({ contentType: XML_TYPE, body: Buffer.from(writeNativeXml(json)) }));
  return sendParts(reply, XML_TYPE, parts);
}
