/** What manuals, examples and images come with, and what everybody tries first. */
const KNOWN_SECRETS = new Set([
  'minioadmin',
  'changeme',
  'change-me',
  'change_me',
  'changeit',
  'secret',
  'secretkey',
  'secret-key',
  'secret_key',
  'supersecret',
  'super-secret',
  'super_secret_key',
  'your-secret-key',
  'your_secret_key',
  'your-secret-key-here',
  'mysecret',
  'my-secret',
  'jwt-secret',
  'jwtsecret',
  'postgres',
  'postgresql',
  'password',
  'passwd',
  'pass',
  'admin',
  'administrator',
  'root',
  'toor',
  'redis',
  'foobared',
  'guest',
  'user',
  'test',
  'default',
  'example',
  'isocenter',
  'orthanc',
  'medical',
  'mongo',
  'rabbitmq',
  'letmein',
  'qwerty',
  'azerty',
  '123456',
  '12345678',
  '123456789',
  'password1',
  'password123',
  'admin123',
  'dev',
  'development',
  'none',
]);
/** Options that hold a secret by their name. */
const SECRET_NAME = /(?:SECRET|PASSWORD|TOKEN|MASTER_KEY)$/;
const SHORTEST_SECRET = 8;

/**
 * The first option whose secret is one that everybody knows, with the reason; undefined if there is none. Looks at passwords in
 * addresses (`postgres://user:password@…`) and at options whose name says that they hold a secret. The text never holds the secret.
 */
export function findWeakSecret(options: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const [name, value = ''] of Object.entries(options)) {
    if (value === '') continue;
    if (SECRET_NAME.test(name)) {
      const reason = weakness(value);
      if (reason) return `${name} ${reason}`;
    }
    const inAddress = passwordIn(value);
    const reason = inAddress && weakness(inAddress.password, inAddress.username);
    if (reason) return `The password in ${name} ${reason}`;
  }
  return undefined;
}

function weakness(secret: string, username?: string): string | undefined {
  const lower = secret.toLowerCase();
  if (KNOWN_SECRETS.has(lower)) return 'is a well-known default. Choose a random one, for example with: openssl rand -hex 24';
  if (username !== undefined && lower === username.toLowerCase()) return 'is the user name. Choose a random one: openssl rand -hex 24';
  if (secret.length < SHORTEST_SECRET) return `has fewer than ${SHORTEST_SECRET} characters. Choose a random one: openssl rand -hex 24`;
  if (new Set(lower).size < 4) return 'repeats itself. Choose a random one, for example with: openssl rand -hex 24';
  return undefined;
}

function passwordIn(value: string): { username: string; password: string } | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return undefined;
  const { username, password } = new URL(value);
  return password === '' ? undefined : { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
