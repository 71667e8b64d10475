import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { apiPage } from '../api-page.ts';
import { openApiDocument } from '../openapi.ts';
import { AppError } from '../platform/errors.ts';

/** The built web app: beside `src` in a checkout (`dist/web`), beside the compiled server in a package. */
const WEB_FOLDERS = [new URL('../../../dist/web/', import.meta.url), new URL('../../../web/', import.meta.url)].map((url) =>
  fileURLToPath(url),
);
/** File names under `assets/` carry a hash of their content. */
const FOREVER = 'public, max-age=31536000, immutable';

/** First parts of the addresses in `src/web/router.tsx`. */
export const SCREENS: readonly string[] = [
  'setup',
  'first-steps',
  'sign-in',
  'studies',
  'critical-results',
  'patients',
  'diagnoses',
  'models',
  'scores',
  'drug-safety',
  'research',
  'admin',
  'account',
  'share',
  'invitation',
  'password-reset',
  'register',
  'ui',
];

/** The web app with a fallback to its entry for its own routes, and the API's description. */
export async function webRoutes(http: FastifyInstance): Promise<void> {
  http.get('/api/v1/openapi.json', async () => openApiDocument());
  http.get('/api/v1/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(apiPage()));
  const root = WEB_FOLDERS.find((folder) => existsSync(`${folder}index.html`));
  if (!root) {
    http.get('/', async () => {
      throw new AppError('unavailable', 'The web app is not built; run `npm start`, or `npx vite build --config src/web/vite.config.ts`');
    });
    return;
  }
  await http.register(staticFiles, {
    root,
    wildcard: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => reply.header('cache-control', path.includes('/assets/') ? FOREVER : 'no-cache'),
  });
  for (const route of SCREENS.flatMap((screen) => [`/${screen}`, `/${screen}/*`]))
    http.get(route, async (_request, reply) => reply.sendFile('index.html'));
}
