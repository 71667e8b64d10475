import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Tests may reach into what they test; cycles are forbidden to them too. */
const TESTS = '\\.test\\.tsx?$';
const ROUTES = '[/-]routes\\.ts$';
const REPOSITORY = '[/-]repository\\.ts$';
/** Reads that other features may use, too. */
const QUERIES = '[/-]queries\\.ts$';
/** Beside the routes: the session cookie, the pages, and the bodies of uploads, which are read as they arrive. */
const HTTP_BY_NATURE = '^src/server/(identity/session|system/web|dicomweb/read-related|studies/(read-multipart|resumable-uploads))\\.ts$';
const FEATURE = '^src/server/(?!platform/|infra/)([^/]+)/';
const TOP_OF_SERVER = '^src/server/(main|app|deps|handlers)\\.ts$';

/** Packages that talk to a database, a queue, an object store or a cache. */
const STORAGE_DRIVERS = ['^(node:)?sqlite$', pkg('pg'), pkg('pg-boss'), pkg('ioredis'), pkg('redis'), pkg('@aws-sdk'), pkg('@azure')];
const MODEL_RUNTIME = pkg('onnxruntime-(node|web|common)');

/** Which package path in node_modules belongs to `name`. */
function pkg(name: string): string {
  return `(^|node_modules/)${name}/`;
}

/** A layer may import itself and the folders of `src/` that are named; anything else of `src/` breaks the rule. */
function layer(name: string, folders: readonly string[]): IForbiddenRuleType {
  return {
    name: `${name}-imports-only-${folders.length > 0 ? folders.join('-and-') : 'itself'}`,
    severity: 'error',
    from: { path: `^src/${name}/`, pathNot: TESTS },
    to: { path: '^src/', pathNot: [name, ...folders].map((folder) => `^src/${folder}/`) },
  };
}

/** Who may import whom, as one named rule each. The names appear in the failure. */
export const IMPORT_RULES: readonly IForbiddenRuleType[] = [
  layer('contract', []),
  layer('dicom', ['contract']),
  layer('imaging', ['dicom', 'contract']),
  layer('inference', ['imaging', 'dicom', 'contract']),
  layer('clinical', ['contract']),
  layer('reporting', ['contract', 'dicom']),
  layer('web', ['contract', 'dicom', 'imaging']),
  layer('server/platform', ['contract']),
  layer('server/infra', ['server/platform', 'contract']),
  {
    name: 'a-feature-takes-ports-not-adapters',
    comment: 'a feature is handed its parts; only the top of the server opens them',
    severity: 'error',
    from: { path: FEATURE, pathNot: TESTS },
    to: { path: ['^src/server/infra/', TOP_OF_SERVER, '^src/(web|cli)/'] },
  },
  {
    name: 'a-feature-calls-services-of-others-not-their-routes-or-sql',
    severity: 'error',
    from: { path: FEATURE, pathNot: TESTS },
    to: { path: [ROUTES, REPOSITORY], pathNot: '^src/server/$1/' },
  },
  {
    name: 'only-the-command-line-starts-the-server',
    comment: 'main, app, deps and handlers see all of the server; nothing below them may see them',
    severity: 'error',
    from: { path: '^src/', pathNot: [TOP_OF_SERVER, '^src/server/[^/]+\\.ts$', '^src/cli/', TESTS] },
    to: { path: TOP_OF_SERVER },
  },
  {
    name: 'the-command-line-uses-services',
    severity: 'error',
    from: { path: '^src/cli/', pathNot: TESTS },
    to: { path: ['^src/web/', '^src/server/infra/', ROUTES, REPOSITORY] },
  },
  {
    name: 'storage-drivers-only-in-infra',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/server/infra/', TESTS] },
    to: { path: STORAGE_DRIVERS },
  },
  {
    name: 'model-runtime-only-in-the-session',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/inference/session\\.ts$', TESTS] },
    to: { path: MODEL_RUNTIME },
  },
  {
    name: 'sql-only-in-repositories',
    comment: 'types of Kysely are allowed anywhere in the server; building a query is not',
    severity: 'error',
    from: { path: '^src/', pathNot: [REPOSITORY, QUERIES, '^src/server/(infra|platform)/', TESTS] },
    to: { path: pkg('kysely'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'http-only-in-routes',
    comment: 'a service answers with results and AppError, which each door says in its own protocol',
    severity: 'error',
    from: { path: '^src/', pathNot: [ROUTES, '^src/server/platform/', '^src/server/(app|main)\\.ts$', HTTP_BY_NATURE, TESTS] },
    to: { path: [pkg('fastify'), pkg('@fastify')] },
  },
  {
    name: 'pure-libraries-run-in-the-browser',
    comment: 'src/imaging/codecs.ts loads WebAssembly from the disk and is for the server only',
    severity: 'error',
    from: {
      path: '^src/(contract|dicom|imaging|clinical|web)/',
      pathNot: ['^src/imaging/codecs\\.ts$', '^src/web/vite\\.config\\.ts$', TESTS],
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'cornerstone-only-in-the-viewer-engine',
    severity: 'error',
    from: { path: '^src/web/', pathNot: '^src/web/viewer/engine/' },
    to: { path: pkg('@cornerstonejs') },
  },
  {
    name: 'what-is-installed-needs-no-development-package',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/web/', TESTS] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'code-does-not-import-tests',
    severity: 'error',
    from: { path: '^src/', pathNot: TESTS },
    to: { path: ['^test/', '^bench/', '^scripts/', TESTS] },
  },
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
];
