import { existsSync, readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const ROLES = ['api', 'worker', 'dicom'] as const;
export type Role = (typeof ROLES)[number];

/** Every option, with default, unit and meaning; `docs/configuration.md` is generated from here. */
const OPTIONS = {
  ISOCENTER_HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address to listen on. Only loopback addresses are accepted until sign-on over the network is complete.',
  }),
  ISOCENTER_PORT: Type.Integer({ default: 8000, minimum: 0, maximum: 65535, description: 'HTTP port; 0 takes a free one.' }),
  ISOCENTER_DATA_DIR: Type.String({
    default: './data',
    minLength: 1,
    description: 'Folder of the database (embedded mode), blobs and temporary files.',
  }),
  ISOCENTER_ROLE: Type.String({
    default: 'all',
    description: 'What this process does: `all`, or a comma-separated list of `api`, `worker`, `dicom`.',
  }),
  ISOCENTER_MODELS_DIR: Type.String({ default: '', description: 'Folder of model packages; empty takes the bundled ones.' }),
  ISOCENTER_INFERENCE_WORKERS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 64,
    description: 'Threads that run models; 0 takes one for each CPU, at most 4.',
  }),
  ISOCENTER_MAX_CONCURRENT_ANALYSIS: Type.Integer({
    default: 5,
    minimum: 1,
    maximum: 64,
    description: 'Studies analyzed at the same time by this process (N-06).',
  }),
  ISOCENTER_STUDY_QUIET_MS: Type.Integer({
    default: 10_000,
    minimum: 0,
    maximum: 3_600_000,
    description: 'Milliseconds without an arrival after which a study counts as complete.',
  }),
  ISOCENTER_MAX_UPLOAD_BYTES: Type.Integer({
    default: 17_179_869_184,
    minimum: 1_048_576,
    description: 'Largest request body of an upload, in bytes.',
  }),
  ISOCENTER_DICOM_PORT: Type.Integer({
    default: 11_112,
    minimum: 0,
    maximum: 65_535,
    description: 'Port for DIMSE associations; 0 takes a free one.',
  }),
  ISOCENTER_AE_TITLE: Type.String({
    default: 'ISOCENTER',
    pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$',
    description: 'Application entity title that peers call us by; at most 16 characters.',
  }),
  ISOCENTER_DICOM_PRIVATE_CLASSES: Type.String({
    default: '',
    pattern: '^([0-9.]{1,64}( *, *[0-9.]{1,64})*)?$',
    description: "Comma-separated UIDs of private SOP classes that are stored besides the standard's.",
  }),
  ISOCENTER_LOG_LEVEL: Type.Union(
    ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'Least severe level that is logged.' },
  ),
  DATABASE_URL: Type.String({ default: '', description: '`postgres://…` switches from SQLite to PostgreSQL.' }),
  REDIS_URL: Type.String({ default: '', description: 'Reserved for the shared cache of a scaled installation; not read in this version.' }),
};

const Schema = Type.Object(OPTIONS);
export type Options = Static<typeof Schema>;

export type Config = {
  host: string;
  port: number;
  dataDir: string;
  roles: ReadonlySet<Role>;
  modelsDir: string;
  inferenceWorkers: number;
  maxConcurrentAnalysis: number;
  studyQuietMs: number;
  maxUploadBytes: number;
  dicomPort: number;
  aeTitle: string;
  privateSopClasses: ReadonlySet<string>;
  logLevel: string;
  databaseUrl: string;
};

/** A wrong or unknown option; the message names it and says what is allowed. */
export class ConfigError extends Error {}

/**
 * Reads options from the environment, and below it from a file of `NAME=value` lines (`ISOCENTER_CONFIG`, or `isocenter.env` in the
 * working folder if it is there).
 *
 * @throws {ConfigError} for an unknown `ISOCENTER_` name or a value out of range
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const merged = { ...readOptionsFile(environment['ISOCENTER_CONFIG']), ...environment };
  const raw: Record<string, string> = {};
  for (const [name, value] of Object.entries(merged)) {
    if (value === undefined || name === 'ISOCENTER_CONFIG') continue;
    if (name in OPTIONS) raw[name] = value;
    else if (name.startsWith('ISOCENTER_')) throw new ConfigError(`Unknown option ${name}. Known: ${Object.keys(OPTIONS).join(', ')}`);
  }
  return configOf(parseOptions(raw));
}

/** Name, default and meaning of every option, for the generated reference page. */
export function describeOptions(): { name: string; default: unknown; description: string }[] {
  return Object.entries(OPTIONS).map(([name, schema]) => {
    const { default: fallback, description } = schema as { default?: unknown; description?: string };
    return { name, default: fallback, description: description ?? '' };
  });
}

function readOptionsFile(path: string | undefined): Record<string, string> {
  if (path !== undefined && !existsSync(path)) throw new ConfigError(`ISOCENTER_CONFIG names ${path}, which does not exist`);
  const file = path ?? 'isocenter.env';
  if (!existsSync(file)) return {};
  const options: Record<string, string> = {};
  for (const [index, line] of readFileSync(file, 'utf8').split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const match = /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match?.[1] || !(match[1] in OPTIONS)) throw new ConfigError(`${file}, line ${index + 1}: not a known option`);
    options[match[1]] = match[2] ?? '';
  }
  return options;
}

function parseOptions(raw: Record<string, string>): Options {
  const converted = Value.Default(Schema, Value.Convert(Schema, { ...raw }));
  if (Value.Check(Schema, converted)) return converted;
  const [first] = Value.Errors(Schema, converted);
  const name = first?.instancePath.split('/')[1] ?? 'option';
  throw new ConfigError(`${name}: ${first?.message ?? 'not valid'}`);
}

function configOf(options: Options): Config {
  return {
    host: options.ISOCENTER_HOST,
    port: options.ISOCENTER_PORT,
    dataDir: options.ISOCENTER_DATA_DIR,
    roles: rolesOf(options.ISOCENTER_ROLE),
    modelsDir: options.ISOCENTER_MODELS_DIR,
    inferenceWorkers: options.ISOCENTER_INFERENCE_WORKERS,
    maxConcurrentAnalysis: options.ISOCENTER_MAX_CONCURRENT_ANALYSIS,
    studyQuietMs: options.ISOCENTER_STUDY_QUIET_MS,
    maxUploadBytes: options.ISOCENTER_MAX_UPLOAD_BYTES,
    dicomPort: options.ISOCENTER_DICOM_PORT,
    aeTitle: options.ISOCENTER_AE_TITLE,
    privateSopClasses: new Set(
      options.ISOCENTER_DICOM_PRIVATE_CLASSES.split(',')
        .map((uid) => uid.trim())
        .filter(Boolean),
    ),
    logLevel: options.ISOCENTER_LOG_LEVEL,
    databaseUrl: databaseUrlOf(options.DATABASE_URL),
  };
}

function rolesOf(text: string): ReadonlySet<Role> {
  if (text === 'all') return new Set(ROLES);
  const roles = text.split(',').map((role) => role.trim());
  const unknown = roles.find((role) => !ROLES.some((known) => known === role));
  if (unknown !== undefined)
    throw new ConfigError(`ISOCENTER_ROLE: unknown role '${unknown}'. Allowed: all, or a list of ${ROLES.join(', ')}`);
  return new Set(ROLES.filter((role) => roles.includes(role)));
}

function databaseUrlOf(text: string): string {
  if (text === '' || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new ConfigError('DATABASE_URL: must begin with postgres:// (leave it empty for SQLite in the data folder)');
}
