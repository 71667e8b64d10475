import { Type } from 'typebox';
import { DICOM_OPTIONS } from './config-dicom-options.ts';
import { CLINICAL_OPTIONS } from './config-options-clinical.ts';

/** Every option, with default, unit and meaning; `docs/configuration.md` is generated from here. */
export const OPTIONS = {
  ISOCENTER_HOST: Type.String({
    default: '127.0.0.1',
    description:
      'Address to listen on. One that other machines can reach (`0.0.0.0`) needs TLS, trusted proxies, or ISOCENTER_ALLOW_PLAINTEXT.',
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
    description: 'Diagnoses of a tenant that are at work at the same time, and jobs that this process runs at the same time (N-06).',
  }),
  ...CLINICAL_OPTIONS,
  ISOCENTER_STUDY_QUIET_MS: Type.Integer({
    default: 10_000,
    minimum: 0,
    maximum: 3_600_000,
    description: 'Milliseconds without an arrival after which a study counts as complete.',
  }),
  ISOCENTER_STORE_TRANSFER_SYNTAX: Type.Union(
    ['keep', 'htj2k-lossless'].map((choice) => Type.Literal(choice)),
    {
      default: 'keep',
      description:
        'How pixels are stored: `keep` as they came, or `htj2k-lossless`: re-encoded in the background when the study is complete, each frame compared bit for bit before a file takes the place of the one that came.',
    },
  ),
  ISOCENTER_AI_WORKITEMS: Type.Union(
    ['off', 'on'].map((choice) => Type.Literal(choice)),
    {
      default: 'off',
      description:
        'Whether each analysis of a study is a workitem (UPS) that other performers of the worklist can see and claim (IHE AIW-I). What another one has claimed is not analyzed here.',
    },
  ),
  ISOCENTER_AI_WORKITEM_WAIT_MS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 86_400_000,
    description: 'Milliseconds that such a workitem waits for another performer, before the analysis of this server claims it.',
  }),
  ISOCENTER_MAX_UPLOAD_BYTES: Type.Integer({
    default: 17_179_869_184,
    minimum: 1_048_576,
    description: 'Largest request body of an upload, in bytes.',
  }),
  ISOCENTER_CONTENT_CACHE_BYTES: Type.Integer({
    default: 134_217_728,
    minimum: 0,
    description:
      'Bytes of objects that were read lately, kept in memory so that a series is read from the disk and decrypted once; let go after ten minutes without use. 0 keeps nothing.',
  }),
  ISOCENTER_CACHE_BYTES: Type.Integer({
    default: 33_554_432,
    minimum: 0,
    description:
      'Bytes of memory for answers that are costly to work out (analytics, counts, the state of agents, predictions), kept for at most an hour and given only while nothing that they were read from has changed; with REDIS_URL kept there as well, encrypted. 0 keeps none.',
  }),
  ISOCENTER_CACHE_FILE_BYTES: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'Bytes of such answers that are kept in the data folder too, encrypted, so that they outlast a restart. 0 keeps none there. The folder must be this process’s own.',
  }),
  ...DICOM_OPTIONS,
  ISOCENTER_LOG_LEVEL: Type.Union(
    ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'Least severe level that is logged.' },
  ),
  DATABASE_URL: Type.String({ default: '', description: '`postgres://…` switches from SQLite to PostgreSQL.' }),
  REDIS_URL: Type.String({
    default: '',
    description:
      '`redis://…` shares rate limits and kept answers (encrypted) between the processes of a scaled installation; without it each process counts and keeps for itself.',
  }),

  ISOCENTER_REGISTRATION: Type.Union([Type.Literal('invitation'), Type.Literal('approval'), Type.Literal('closed')], {
    default: 'invitation',
    description:
      'How people get an account, unless a tenant decides for itself: `invitation` by a link of an administrator, `approval` for whoever asks and is approved, `closed` by administrators alone.',
  }),

  // Protection
  ISOCENTER_PUBLIC_URL: Type.String({
    default: '',
    description:
      'Where browsers find this server (`https://imaging.hospital.org`); several are separated by commas, and links are made with the first. Requests that name another host are refused; empty accepts every name unless the server listens on loopback.',
  }),
  ISOCENTER_TLS_CERT: Type.String({
    default: '',
    description:
      'Certificate chain in PEM. With it and its key the server speaks HTTPS; both are read again when they change, and on SIGHUP.',
  }),
  ISOCENTER_TLS_KEY: Type.String({ default: '', description: 'Private key of the certificate, in PEM.' }),
  ISOCENTER_TRUSTED_PROXIES: Type.String({
    default: '',
    description:
      'Addresses or ranges of the reverse proxies before this server (`127.0.0.1, 10.0.0.0/8`). From these alone X-Forwarded-For, -Proto and -Host are believed.',
  }),
  ISOCENTER_ALLOW_PLAINTEXT: Type.Boolean({
    default: false,
    description: 'Lets the server listen beyond this machine without TLS. Passwords and patient data then cross the network in the clear.',
  }),
  ISOCENTER_CORS_ORIGINS: Type.String({
    default: '',
    description:
      'Web origins whose scripts may use the API with a token or key (`https://portal.hospital.org`), separated by commas. The session cookie is never sent for them.',
  }),
  ISOCENTER_RATE_LIMITS: Type.String({
    default: '',
    description:
      'Changes to the limits of requests, as `class=quantity/window`: `read=6000/1m,login=60/1m`. The classes and their defaults are in docs/security/rate-limits.md; `off` switches all off.',
  }),
  ISOCENTER_EGRESS_ALLOW: Type.String({
    default: '',
    description:
      'Hosts that the server itself may call (webhooks, sign-on providers, language models, literature): `idp.example.org, *.example.org, http://llm.local:8080`, and address ranges that are not public but may be reached: `10.1.0.0/16`. Empty: none.',
  }),
  // Literature and trials, beyond what was imported
  ISOCENTER_PUBMED_URL: Type.String({
    default: '',
    pattern: '^(https?://.+/)?$',
    description:
      'PubMed, asked besides the imported corpus: `https://eutils.ncbi.nlm.nih.gov/entrez/eutils/`. Its host has to be in ISOCENTER_EGRESS_ALLOW. Empty: not asked.',
  }),
  ISOCENTER_EUROPE_PMC_URL: Type.String({
    default: '',
    pattern: '^(https?://.+/)?$',
    description:
      'Europe PMC, asked besides the imported corpus: `https://www.ebi.ac.uk/europepmc/webservices/rest/`. Its host has to be in ISOCENTER_EGRESS_ALLOW. Empty: not asked.',
  }),
  ISOCENTER_TRIALS_URL: Type.String({
    default: '',
    pattern: '^(https?://.+/)?$',
    description:
      'ClinicalTrials.gov, asked besides imported trials: `https://clinicaltrials.gov/api/v2/`. Its host has to be in ISOCENTER_EGRESS_ALLOW. Empty: not asked.',
  }),
  ISOCENTER_NCBI_API_KEY: Type.String({
    default: '',
    pattern: '^[0-9A-Za-z]*$',
    description: "The site's own key for PubMed: ten requests a second in place of three.",
  }),
  ISOCENTER_LITERATURE_EMAIL: Type.String({
    default: '',
    pattern: '^([^@\\s]+@[^@\\s]+)?$',
    description: 'Address of whom PubMed and Europe PMC may write to if this installation asks too much. They ask for one.',
  }),
  ISOCENTER_EMBEDDING_MODEL: Type.String({
    default: '',
    description:
      'Folder of a model for the sense of sentences that the site brought: `model.onnx` and `tokenizer.json`, as sentence-transformers export them. Literature is then searched by sense as well as by words. Empty: by words alone.',
  }),
  ISOCENTER_CLAMAV: Type.String({
    default: '',
    description: 'ClamAV daemon that scans every upload: `host:port`, or the path of its socket. Empty: no scan.',
  }),
  ISOCENTER_CLAMAV_WHEN_DOWN: Type.Union([Type.Literal('refuse'), Type.Literal('accept')], {
    default: 'refuse',
    description: 'What happens to uploads that the scanner could not check: `refuse`, or `accept` with a warning in the log.',
  }),
  ISOCENTER_RECYCLE_DAYS: Type.Integer({
    default: 30,
    minimum: 0,
    maximum: 3_650,
    description: 'Days for which deleted studies and patients can be restored; then they are removed for good.',
  }),
  ISOCENTER_ENCRYPTION: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description:
      'Whether images, reports and other files are encrypted on the disk. What was stored the other way stays readable and is converted at night. Secrets in the database are encrypted in any case.',
  }),
  ISOCENTER_KEY_FILE: Type.String({
    default: '',
    description:
      'File of the master key; empty takes `keys/master.key` in the data folder, made at the first start. Keep a copy: without the key nothing can be read. In the data folder it protects files that are stored or copied without that folder; to protect the folder itself, move the key elsewhere and name it here.',
  }),
  ISOCENTER_MASTER_KEY: Type.String({
    default: '',
    description: 'Master key, 32 bytes in base64 or hex, in place of a file; several, separated by commas, while it is being changed.',
  }),
  ISOCENTER_KMS_COMMAND: Type.String({
    default: '',
    description: 'Program that wraps and unwraps keys with a master key in a key management service; see docs/security/encryption.md.',
  }),
  ISOCENTER_EVENT_RETENTION_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 3_650,
    description: 'Days that events are kept for clients that were away; who asks for earlier ones is told that they are gone.',
  }),
  ISOCENTER_LIVE_HEARTBEAT_SECONDS: Type.Integer({
    default: 15,
    minimum: 1,
    maximum: 300,
    description:
      'How often live connections are probed and their sessions checked: one that does not answer until the next time, or whose session has ended, is closed.',
  }),
  ISOCENTER_AUDIT_RETENTION_DAYS: Type.Integer({
    default: 2_192,
    minimum: 1,
    maximum: 36_525,
    description: 'Days that audit entries are kept; six years unless told.',
  }),
  ISOCENTER_AUDIT_CHECKPOINT_FILE: Type.String({
    default: '',
    description: 'File to which signed checkpoints of the audit trail are appended, best on another machine. Empty: none.',
  }),
  ISOCENTER_AUDIT_CHECKPOINT_URL: Type.String({
    default: '',
    pattern: '^(https?://.+)?$',
    description: 'Address to which signed checkpoints are posted as JSON; its host has to be in `ISOCENTER_EGRESS_ALLOW`. Empty: none.',
  }),
  ISOCENTER_AUDIT_SYSLOG: Type.String({
    default: '',
    pattern: '^([A-Za-z0-9.-]+:[0-9]{1,5})?$',
    description: 'Audit repository (ATNA) that gets every entry as a DICOM audit message, syslog over TLS: `host:port`. Empty: none.',
  }),
  ISOCENTER_AUDIT_SYSLOG_CA: Type.String({
    default: '',
    description: "File of the certificates (PEM) that vouch for the audit repository; empty takes the system's.",
  }),
  ISOCENTER_AUDIT_SYSLOG_CERT: Type.String({
    default: '',
    description: 'File of our certificate (PEM) for an audit repository that asks for one.',
  }),
  ISOCENTER_AUDIT_SYSLOG_KEY: Type.String({ default: '', description: 'File of the key (PEM) of that certificate.' }),
};
