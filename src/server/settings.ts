import type { Setting } from '../contract/system.ts';
import type { OPTIONS } from './config-options.ts';

/** Options that hold a secret, or an address or command that may hold one: it is told that they are set, and no more. */
const SECRETS: ReadonlySet<string> = new Set<keyof typeof OPTIONS>([
  'DATABASE_URL',
  'REDIS_URL',
  'ISOCENTER_MASTER_KEY',
  'ISOCENTER_KMS_COMMAND',
  'ISOCENTER_NCBI_API_KEY',
  'ISOCENTER_AUDIT_CHECKPOINT_URL',
]);

type Known = { name: string; default: unknown; description: string };
type Sources = {
  /** Names that the environment gives. */
  environment: ReadonlySet<string>;
  /** Names that the file of options gives. */
  file: ReadonlySet<string>;
};

/** Every option as it is in force, and where it comes from; what is secret is left out. */
export function settingsOf(known: readonly Known[], values: Readonly<Record<string, unknown>>, { environment, file }: Sources): Setting[] {
  return known.map(({ name, default: fallback, description }) => {
    const is_secret = SECRETS.has(name);
    const value = String(values[name] ?? '');
    return {
      name,
      description,
      default: String(fallback ?? ''),
      // An empty text is what the default of a secret is.
      value: is_secret ? null : value,
      is_secret,
      is_set: value !== '',
      source: environment.has(name) ? 'environment' : file.has(name) ? 'file' : 'default',
    };
  });
}
