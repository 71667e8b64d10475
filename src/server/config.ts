import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { AgentName } from '../contract/agents.ts';
import type { Setting } from '../contract/system.ts';
import { agentTimeLimitsOf } from './agents/agent-graph.ts';
import { OPTIONS } from './config-options.ts';
import { ConfigError, checked, databaseUrlOf, listOf, originsOf, redisUrlOf } from './config-values.ts';
import { findWeakSecret } from './identity/weak-secrets.ts';
import { openEgress } from './platform/egress.ts';
import { type RateLimits, readRateLimits } from './platform/rate-limits.ts';
import { openRanges } from './platform/special-addresses.ts';
import { settingsOf } from './settings.ts';

const ROLES = ['api', 'worker', 'dicom'] as const;
export type Role = (typeof ROLES)[number];

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
  /** Milliseconds. */
  agentTimeLimits: Readonly<Record<AgentName, number>>;
  studyQuietMs: number;
  /** Whether complete studies are stored as lossless HTJ2K. */
  compressesStudies: boolean;
  workitems: {
    /** Whether each analysis is a workitem of the worklist. */
    createsForAnalysis: boolean;
    waitMs: number;
  };
  maxUploadBytes: number;
  contentCacheBytes: number;
  /** Of answers that are costly to work out. */
  cache: { memoryBytes: number; fileBytes: number };
  dicomPort: number;
  /** Where associations are taken, and the limits of them. */
  dicom: DicomConfig;
  aeTitle: string;
  privateSopClasses: ReadonlySet<string>;
  logLevel: string;
  databaseUrl: string;
  redisUrl: string;
  registration: 'invitation' | 'approval' | 'closed';
  /** Origins under which this server is known, the first for links; empty: under every name. */
  publicUrls: readonly string[];
  /** Paths of certificate and key. */
  tls: { cert: string; key: string } | undefined;
  trustedProxies: readonly string[];
  allowPlaintext: boolean;
  corsOrigins: readonly string[];
  rateLimits: RateLimits;
  egressAllow: string;
  clamav: { address: string; whenDown: 'refuse' | 'accept' } | undefined;
  /** By category. */
  criticalResultMinutes: Readonly<Record<'minutes' | 'hours' | 'days', number>>;
  recycleDays: number;
  encryption: boolean;
  keyFile: string;
  masterKey: string;
  kmsCommand: string;
  eventRetentionDays: number;
  liveHeartbeatMs: number;
  audit: AuditConfig;
  literature: LiteratureConfig;
  /** What of all this was given by whom, to be shown; holds no secret. */
  settings: readonly Setting[];
};

export type DicomConfig = {
  /** Whether associations without TLS are taken. */
  plain: boolean;
  /** Paths of PEM files; `cert`, `key` and `ca` are empty where there is none. */
  tls: { port: number; cert: string; key: string; ca: string; clients: 'verify' | 'any' };
  limits: { total: number; perPeer: number };
  artimMs: number;
  idleMs: number;
};

/** Addresses of services; empty: not asked. `embeddingModel`: folder of the model for the sense of sentences; empty: none. */
export type LiteratureConfig = Record<'pubmedUrl' | 'europePmcUrl' | 'trialsUrl' | 'ncbiApiKey' | 'email' | 'embeddingModel', string>;

export type AuditConfig = {
  retentionDays: number;
  checkpointFile: string;
  checkpointUrl: string;
  /** Where entries go as syslog, and the paths of certificates and key. */
  syslog: { host: string; port: number; ca: string; cert: string; key: string } | undefined;
};

/**
 * Reads options from the environment, and below it from a file of `NAME=value` lines (`ISOCENTER_CONFIG`, or `isocenter.env` in the
 * working folder if it is there).
 *
 * @throws {ConfigError} for an unknown `ISOCENTER_` name, a value out of range, or a secret that everybody knows
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const file = readOptionsFile(environment['ISOCENTER_CONFIG']);
  const merged = { ...file, ...environment };
  const raw: Record<string, string> = {};
  for (const [name, value] of Object.entries(merged)) {
    if (value === undefined || name === 'ISOCENTER_CONFIG') continue;
    if (name in OPTIONS) raw[name] = value;
    else if (name.startsWith('ISOCENTER_')) throw new ConfigError(`Unknown option ${name}. Known: ${Object.keys(OPTIONS).join(', ')}`);
  }
  const weak = findWeakSecret(raw);
  if (weak) throw new ConfigError(weak);
  const options = parseOptions(raw);
  const given = Object.keys(environment).filter((name) => environment[name] !== undefined);
  const sources = { environment: new Set(given), file: new Set(Object.keys(file)) };
  return { ...configOf(options), settings: settingsOf(describeOptions(), options, sources) };
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

function configOf(options: Options): Omit<Config, 'settings'> {
  return {
    host: options.ISOCENTER_HOST,
    port: options.ISOCENTER_PORT,
    dataDir: options.ISOCENTER_DATA_DIR,
    roles: rolesOf(options.ISOCENTER_ROLE),
    modelsDir: options.ISOCENTER_MODELS_DIR,
    inferenceWorkers: options.ISOCENTER_INFERENCE_WORKERS,
    maxConcurrentAnalysis: options.ISOCENTER_MAX_CONCURRENT_ANALYSIS,
    agentTimeLimits: agentTimeLimitsOf(options.ISOCENTER_AGENT_TIME_LIMITS),
    studyQuietMs: options.ISOCENTER_STUDY_QUIET_MS,
    compressesStudies: options.ISOCENTER_STORE_TRANSFER_SYNTAX === 'htj2k-lossless',
    workitems: {
      createsForAnalysis: options.ISOCENTER_AI_WORKITEMS === 'on',
      waitMs: options.ISOCENTER_AI_WORKITEM_WAIT_MS,
    },
    maxUploadBytes: options.ISOCENTER_MAX_UPLOAD_BYTES,
    contentCacheBytes: options.ISOCENTER_CONTENT_CACHE_BYTES,
    cache: { memoryBytes: options.ISOCENTER_CACHE_BYTES, fileBytes: options.ISOCENTER_CACHE_FILE_BYTES },
    dicomPort: options.ISOCENTER_DICOM_PORT,
    dicom: dicomOf(options),
    aeTitle: options.ISOCENTER_AE_TITLE,
    privateSopClasses: new Set(listOf(options.ISOCENTER_DICOM_PRIVATE_CLASSES)),
    logLevel: options.ISOCENTER_LOG_LEVEL,
    databaseUrl: databaseUrlOf(options.DATABASE_URL),
    redisUrl: redisUrlOf(options.REDIS_URL),
    registration: options.ISOCENTER_REGISTRATION,
    eventRetentionDays: options.ISOCENTER_EVENT_RETENTION_DAYS,
    liveHeartbeatMs: options.ISOCENTER_LIVE_HEARTBEAT_SECONDS * 1_000,
    ...protectionOf(options),
    audit: auditOf(options),
    literature: {
      pubmedUrl: options.ISOCENTER_PUBMED_URL,
      europePmcUrl: options.ISOCENTER_EUROPE_PMC_URL,
      trialsUrl: options.ISOCENTER_TRIALS_URL,
      ncbiApiKey: options.ISOCENTER_NCBI_API_KEY,
      email: options.ISOCENTER_LITERATURE_EMAIL,
      embeddingModel: options.ISOCENTER_EMBEDDING_MODEL,
    },
  };
}

function protectionOf(options: Options) {
  const { ISOCENTER_TLS_CERT: cert, ISOCENTER_TLS_KEY: key, ISOCENTER_CLAMAV: address } = options;
  if ((cert === '') !== (key === '')) throw new ConfigError('ISOCENTER_TLS_CERT and ISOCENTER_TLS_KEY go together: one of them is missing');
  const trustedProxies = listOf(options.ISOCENTER_TRUSTED_PROXIES);
  checked('ISOCENTER_TRUSTED_PROXIES', () => openRanges(trustedProxies));
  checked('ISOCENTER_EGRESS_ALLOW', () => openEgress({ allow: options.ISOCENTER_EGRESS_ALLOW }));
  return {
    publicUrls: originsOf('ISOCENTER_PUBLIC_URL', options.ISOCENTER_PUBLIC_URL),
    tls: cert === '' ? undefined : { cert, key },
    trustedProxies,
    allowPlaintext: options.ISOCENTER_ALLOW_PLAINTEXT,
    corsOrigins: originsOf('ISOCENTER_CORS_ORIGINS', options.ISOCENTER_CORS_ORIGINS),
    rateLimits: checked('ISOCENTER_RATE_LIMITS', () => readRateLimits(options.ISOCENTER_RATE_LIMITS)),
    egressAllow: options.ISOCENTER_EGRESS_ALLOW,
    clamav: address === '' ? undefined : { address, whenDown: options.ISOCENTER_CLAMAV_WHEN_DOWN },
    criticalResultMinutes: criticalMinutesOf(options.ISOCENTER_CRITICAL_RESULT_MINUTES),
    recycleDays: options.ISOCENTER_RECYCLE_DAYS,
    encryption: options.ISOCENTER_ENCRYPTION === 'on',
    keyFile: options.ISOCENTER_KEY_FILE || join(options.ISOCENTER_DATA_DIR, 'keys', 'master.key'),
    masterKey: options.ISOCENTER_MASTER_KEY,
    kmsCommand: options.ISOCENTER_KMS_COMMAND,
  };
}

function dicomOf(options: Options): DicomConfig {
  const { ISOCENTER_DICOM_TLS_CERT: cert, ISOCENTER_DICOM_TLS_KEY: key, ISOCENTER_DICOM_TLS_CA: ca } = options;
  const { ISOCENTER_DICOM_TLS_CLIENTS: clients, ISOCENTER_DICOM_TLS_PORT: port } = options;
  const plain = options.ISOCENTER_DICOM_PLAIN === 'on';
  if ((cert === '') !== (key === '')) throw new ConfigError('ISOCENTER_DICOM_TLS_CERT and ISOCENTER_DICOM_TLS_KEY go together');
  if (cert !== '' && ca === '' && clients === 'verify')
    throw new ConfigError(
      'ISOCENTER_DICOM_TLS_CA: name the certificates that vouch for peers, or set ISOCENTER_DICOM_TLS_CLIENTS=any to take peers without one',
    );
  if (!plain && cert === '') throw new ConfigError('ISOCENTER_DICOM_PLAIN=off leaves no port: ISOCENTER_DICOM_TLS_CERT is missing');
  return {
    plain,
    tls: { port, cert, key, ca, clients },
    limits: { total: options.ISOCENTER_DICOM_MAX_ASSOCIATIONS, perPeer: options.ISOCENTER_DICOM_MAX_ASSOCIATIONS_PER_PEER },
    artimMs: options.ISOCENTER_DICOM_ARTIM_SECONDS * 1000,
    idleMs: options.ISOCENTER_DICOM_IDLE_SECONDS * 1000,
  };
}

function auditOf(options: Options): AuditConfig {
  const { ISOCENTER_AUDIT_SYSLOG_CERT: cert, ISOCENTER_AUDIT_SYSLOG_KEY: key, ISOCENTER_AUDIT_SYSLOG_CA: ca } = options;
  if ((cert === '') !== (key === '')) throw new ConfigError('ISOCENTER_AUDIT_SYSLOG_CERT and ISOCENTER_AUDIT_SYSLOG_KEY go together');
  const [host = '', port = ''] = options.ISOCENTER_AUDIT_SYSLOG.split(':');
  return {
    retentionDays: options.ISOCENTER_AUDIT_RETENTION_DAYS,
    checkpointFile: options.ISOCENTER_AUDIT_CHECKPOINT_FILE,
    checkpointUrl: options.ISOCENTER_AUDIT_CHECKPOINT_URL,
    syslog: host === '' ? undefined : { host, port: Number(port), ca, cert, key },
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

function criticalMinutesOf(text: string): Config['criticalResultMinutes'] {
  const [minutes = 0, hours = 0, days = 0] = text.split(',').map(Number);
  return { minutes, hours, days };
}
