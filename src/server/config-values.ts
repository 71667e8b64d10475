/** A wrong or unknown option; the message names it and says what is allowed. */
export class ConfigError extends Error {}

/** The entries between commas. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** @throws {ConfigError} for an entry that is no origin */
export function originsOf(name: string, text: string): string[] {
  return listOf(text).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
    throw new ConfigError(`${name}: ${entry} is no origin such as https://imaging.hospital.org (without a path)`);
  });
}

/** What `read` gives. @throws {ConfigError} with the option's name if it throws */
export function checked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`${name}: ${error instanceof Error ? error.message : 'not valid'}`);
  }
}

/** @throws {ConfigError} */
export function redisUrlOf(text: string): string {
  if (text === '' || /^rediss?:\/\//.test(text)) return text;
  throw new ConfigError('REDIS_URL: must begin with redis:// or rediss://');
}

/** @throws {ConfigError} */
export function databaseUrlOf(text: string): string {
  if (text === '' || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new ConfigError('DATABASE_URL: must begin with postgres:// (leave it empty for SQLite in the data folder)');
}
