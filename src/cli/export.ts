import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { BASIC_PROFILE, type DeidentificationOptions, type DeidentificationReport } from '../contract/deidentification.ts';
import { type ExportedFile, exportDeidentified, exportStudy, listExportableStudies } from '../server/deidentification/export-study.ts';
import { AppError } from '../server/platform/errors.ts';
import { hasStudy } from '../server/studies/queries.ts';
import { commandAct, recordAct } from './command-act.ts';
import { openTenant, TENANT_OPTION, type TenantDeps } from './open-tenant.ts';
import { openProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';

const RETAINED = ['uids', 'device', 'institution', 'patient'] as const;
const CLEANED = ['descriptors', 'structured', 'graphics'] as const;
const PIXELS = { never: 'never', always: 'always', undeclared: 'unless_declared_clean' } as const;
const DATES = ['remove', 'modify', 'keep'] as const;
/** As the API asks of an own secret. */
const SHORTEST_SECRET = 32;

type Options = {
  studies: string[];
  all: boolean;
  out: string;
  tenant: string | undefined;
  /** Undefined: exported as stored. */
  deidentify: DeidentificationOptions | undefined;
  project: string;
  patientId: string | undefined;
  secretFile: string | undefined;
};

/**
 * `isocenter export`: writes studies of the data folder as files, as they are stored or de-identified, by study and series; with a report of
 * what was done beside them.
 */
export async function exportCommand(args: string[]): Promise<void> {
  const options = readOptions(args);
  const secret = options.secretFile === undefined ? undefined : await readSecret(options.secretFile);
  const deps = await openTenant(options.tenant);
  try {
    const studies = options.all ? await listExportableStudies(deps.db) : options.studies;
    for (const study of studies) {
      if (!(await hasStudy(deps.db, study))) throw new AppError('study-not-found', `No study ${study}`);
    }
    const { exported, refused } = await exportAll(deps, studies, { ...options, secret });
    process.stdout.write(`exported ${exported}, refused ${refused}\n`);
    if (refused > 0) process.exitCode = 1;
  } finally {
    await deps.close();
  }
}

type Exporting = Options & { secret: string | undefined };

async function exportAll(deps: TenantDeps, studies: string[], options: Exporting): Promise<{ exported: number; refused: number }> {
  const reports: DeidentificationReport[] = [];
  const refusals: { sop_instance_uid: string; reason: string }[] = [];
  const progress = openProgress();
  let exported = 0;
  for (const [index, study] of studies.entries()) {
    const act = commandAct(deps, 'export', 'export');
    const before = { exported, refused: refusals.length };
    for await (const file of filesOf(deps, study, options)) {
      if (file.status === 'refused') {
        refusals.push({ sop_instance_uid: file.sop_instance_uid, reason: file.reason });
        process.stderr.write(`refused ${file.sop_instance_uid}: ${file.reason}\n`);
        continue;
      }
      await writeBelow(options.out, file.path, file.bytes);
      if (file.report) reports.push(file.report);
      exported += 1;
    }
    const counts = { exported: exported - before.exported, refused: refusals.length - before.refused };
    const details = { ...counts, deidentified: options.deidentify === undefined ? 0 : 1 };
    await recordAct(deps, { ...act, study_instance_uid: study }, { object: { type: 'study', id: study }, details });
    progress.show(index + 1, studies.length, 'studies exported');
  }
  progress.end();
  if (options.deidentify !== undefined)
    await writeBelow(options.out, 'report.json', Buffer.from(JSON.stringify({ items: reports }, null, 2)));
  return { exported, refused: refusals.length };
}

function filesOf(deps: TenantDeps, study: string, { deidentify, project, patientId, secret }: Exporting): AsyncIterable<ExportedFile> {
  if (deidentify === undefined) return exportStudy(deps, study);
  return exportDeidentified(deps, study, { options: deidentify, project, patientId, secret });
}

async function writeBelow(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
}

async function readSecret(path: string): Promise<string> {
  const secret = (await text(createReadStream(path))).trim();
  if (secret.length < SHORTEST_SECRET) throw new UsageError(`The file of --secret-file needs at least ${SHORTEST_SECRET} characters`);
  return secret;
}

function readOptions(args: string[]): Options {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...TENANT_OPTION,
      out: { type: 'string' },
      all: { type: 'boolean', default: false },
      deidentify: { type: 'boolean', default: false },
      retain: { type: 'string', default: '' },
      clean: { type: 'string', default: '' },
      dates: { type: 'string', default: 'remove' },
      pixels: { type: 'string', default: 'undeclared' },
      'safe-private': { type: 'boolean', default: false },
      'keep-safe-text': { type: 'boolean', default: false },
      project: { type: 'string', default: '' },
      'patient-id': { type: 'string' },
      'secret-file': { type: 'string' },
    },
  });
  if (values.out === undefined) throw new UsageError('export needs --out FOLDER');
  if (values.all === positionals.length > 0) throw new UsageError('export needs either study UIDs or --all');
  const retained = listOf(values.retain, RETAINED, '--retain');
  const cleaned = listOf(values.clean, CLEANED, '--clean');
  const dates = DATES.find((one) => one === values.dates);
  if (!dates) throw new UsageError(`--dates is one of ${DATES.join(', ')}`);
  if (!Object.hasOwn(PIXELS, values.pixels)) throw new UsageError(`--pixels is one of ${Object.keys(PIXELS).join(', ')}`);
  const deidentify: DeidentificationOptions = {
    ...BASIC_PROFILE,
    retain_uids: retained.has('uids'),
    retain_device_identity: retained.has('device'),
    retain_institution_identity: retained.has('institution'),
    retain_patient_characteristics: retained.has('patient'),
    dates,
    clean_descriptors: cleaned.has('descriptors'),
    clean_structured_content: cleaned.has('structured'),
    clean_graphics: cleaned.has('graphics'),
    retain_safe_private: values['safe-private'],
    // Checked just before.
    clean_pixel_data: PIXELS[values.pixels as keyof typeof PIXELS],
    keep_safe_text: values['keep-safe-text'],
  };
  return {
    studies: positionals,
    all: values.all,
    out: values.out,
    tenant: values.tenant,
    deidentify: values.deidentify ? deidentify : undefined,
    project: values.project,
    patientId: values['patient-id'],
    secretFile: values['secret-file'],
  };
}

function listOf<T extends string>(given: string, known: readonly T[], option: string): ReadonlySet<T> {
  const names = given.split(',').filter((name) => name !== '');
  return new Set(
    names.map((name) => {
      const found = known.find((one) => one === name);
      if (!found) throw new UsageError(`${option} takes ${known.join(', ')}, separated by commas`);
      return found;
    }),
  );
}
