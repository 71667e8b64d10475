import { ConfigError } from '../server/config-values.ts';
import { AppError } from '../server/platform/errors.ts';
import { VERSION } from '../server/system/version.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `isocenter ${VERSION}: imaging platform. Research use. Not a medical device.

  isocenter serve                                   start the server (options by environment, see docs/configuration.md)
  isocenter analyze PATH... [--report out.pdf] [--json] [--locale LANGUAGE] [--accept all|none|ask] [--sign-as NAME]
                                                    analyze files or folders in this process, without a server
  isocenter import PATH... [--tenant ID]            store files or folders in the data folder of a stopped server
  isocenter export STUDY_UID... | --all --out FOLDER [--tenant ID]
                                                    write studies as DICOM files (server stopped)
    --deidentify                                    by DICOM PS3.15 Annex E: docs/deidentification.md
      [--retain uids,device,institution,patient] [--clean descriptors,structured,graphics] [--dates remove|modify|keep]
      [--pixels undeclared|always|never] [--safe-private] [--keep-safe-text] [--project NAME] [--patient-id ID] [--secret-file FILE]
  isocenter peer add AETITLE HOST PORT | list | remove AETITLE
                                                    the DICOM applications that may associate (server stopped)
  isocenter peer echo AETITLE | query AETITLE LEVEL [KEY=VALUE...] | retrieve AETITLE STUDY_UID [SERIES_UID [SOP_UID]]
                 | send AETITLE STUDY_UID...        ask them, fetch from them, send to them (server stopped)
  isocenter verify-audit --export FILE --key PUB.PEM [--checkpoints FILE] [--json]
                                                    check an export of the audit trail with the public key alone
  isocenter user add --username NAME --role ROLE [--full-name NAME] [--email ADDRESS] [--operator] [--password-stdin] [--json]
                 | list | reset-password NAME | reset-mfa NAME
                                                    accounts; a password that is made is printed once (also beside a running server)
  isocenter api-key add --name NAME --role ROLE [--scope A,B] [--expires 90d|DATE] [--requests-per-hour N] [--json]
                 | list | revoke ID                 keys of machines; the key is printed once
  isocenter tenant add ID --name NAME [--ae-title TITLE] [--json] | list | suspend ID | resume ID
                                                    tenants; the link for the first administrator is printed once
  isocenter keys list | rotate | destroy --yes [--tenant ID] [--json]
                                                    keys that files and secrets are encrypted with: docs/security/encryption.md
  isocenter literature import FILE... | import-trials FILE... | remove KEY | embed [--anew] | list [--json]
                                                    publications, guidelines, MeSH, trials: docs/clinical/research.md (also beside a running server)
  isocenter knowledge import FOLDER [--dry-run] | list | remove SOURCE [--tenant ID]
                                                    drug safety tables of the hospital: docs/clinical/drug-safety.md
  isocenter phantom FOLDER [--seed N]               write a synthetic CT thorax and its radiograph, with their known truth
`;

/** Each loads what it needs and no more: a key is made in a moment, without what reads images. */
const COMMANDS: Record<string, (args: string[]) => Promise<void>> = {
  serve: async () => (await import('../server/main.ts')).runServer(process.env),
  analyze: async (args) => (await import('./analyze.ts')).analyzeCommand(args),
  import: async (args) => (await import('./import.ts')).importCommand(args),
  export: async (args) => (await import('./export.ts')).exportCommand(args),
  peer: async (args) => (await import('./peer.ts')).peerCommand(args),
  user: async (args) => (await import('./user.ts')).userCommand(args),
  'api-key': async (args) => (await import('./api-key.ts')).apiKeyCommand(args),
  tenant: async (args) => (await import('./tenant.ts')).tenantCommand(args),
  keys: async (args) => (await import('./keys.ts')).keysCommand(args),
  literature: async (args) => (await import('./literature.ts')).literatureCommand(args),
  knowledge: async (args) => (await import('./knowledge.ts')).knowledgeCommand(args),
  phantom: async (args) => (await import('./phantom.ts')).phantomCommand(args),
  'verify-audit': async (args) => (await import('./verify-audit.ts')).verifyAuditCommand(args),
};

/** Runs one command. Exit status: 0 done, 1 failed, 2 wrong usage or option. */
export async function runCommand([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(USAGE);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) throw new UsageError(`There is no command '${name}'`);
    await command(args);
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError || isParseArgsError(error)) {
    process.stderr.write(`isocenter: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  const expected = error instanceof AppError || error instanceof ConfigError;
  process.stderr.write(
    `isocenter: ${error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
  );
  return error instanceof ConfigError ? 2 : 1;
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS');
}

if (import.meta.main) process.exitCode = await runCommand(process.argv.slice(2));
