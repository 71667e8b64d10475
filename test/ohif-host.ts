import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** The viewer OHIF as npm packs it (`@ohif/app`, unpacked): named, or beside the modules. 200 MB, so it is no dependency. */
const DIST = [process.env['OHIF_DIST'], join(ROOT, 'node_modules/@ohif/app/dist')].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'index.html')),
);

export const hasOhif = DIST !== undefined;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/** One DICOMweb server, and nothing of the network besides. */
const CONFIG = `window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true, maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, investigationalUseDialog: { option: 'never' },
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: 'dicomweb',
  dataSources: [{ namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'dicomweb', configuration: {
    friendlyName: 'dicomweb', name: 'dicomweb', wadoUriRoot: location.origin + '/dicom-web', qidoRoot: location.origin + '/dicom-web',
    wadoRoot: location.origin + '/dicom-web', qidoSupportsIncludeField: true, imageRendering: 'wadors', thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true, supportsFuzzyMatching: true, supportsWildcard: true, omitQuotationForMultipartRequest: true,
    bulkDataURI: { enabled: true },
  } }],
};`;

/** Serves OHIF on a free loopback port with the server's DICOMweb under the same origin, asked with `headers`. */
export async function startOhif(serverUrl: string, headers: Record<string, string>): Promise<{ url: string; stop(): Promise<void> }> {
  const target = new URL(serverUrl);
  const http = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith('/dicom-web/')) {
      const { host: _, ...rest } = incoming.headers;
      const passed = request(
        { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers: { ...rest, ...headers } },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      passed.once('error', () => outgoing.destroy());
      incoming.pipe(passed);
      return;
    }
    if (path === '/app-config.js') {
      outgoing.writeHead(200, { 'content-type': 'text/javascript' }).end(CONFIG);
      return;
    }
    const file = join(DIST ?? '', normalize(path));
    const found = path !== '/' && existsSync(file) ? file : join(DIST ?? '', 'index.html');
    outgoing.writeHead(200, { 'content-type': TYPES[extname(found)] ?? 'application/octet-stream' }).end(readFileSync(found));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('OHIF is not served');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
