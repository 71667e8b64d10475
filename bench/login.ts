import { hash, verify } from '@node-rs/argon2';
import { signInTo, startServer } from '../test/server.ts';
import { addressOf, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

/** Odd, so that the median is a round that was measured. */
const ROUNDS = 7;
const LOGINS = 20;
const PASSWORD = 'heron walks north at nine';
/** As `server/identity/password.ts` hashes. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** What a sign-in costs beside the hash of the password: session, audit entry and cookie, each on the disk. */
export async function benchLogin(): Promise<BenchRow[]> {
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off' });
  const client = openLoadClient();
  try {
    await signInTo(server, PASSWORD);
    const body = Buffer.from(JSON.stringify({ username: 'reader', password: PASSWORD }));
    const request = requestBytes('POST', '/api/v1/auth/login', { 'content-type': 'application/json' }, body);
    const hashed = await hash(PASSWORD, PARAMETERS);
    const rounds: { login: number; alone: number; slow: number }[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const alone: number[] = [];
      for (let index = 0; index < LOGINS; index += 1) {
        const from = performance.now();
        await verify(hashed, PASSWORD);
        alone.push(performance.now() - from);
      }
      const { latenciesMs } = await client.send({ ...addressOf(server.url), requests: [request], count: LOGINS, concurrency: 1 });
      rounds.push({ login: median(latenciesMs), alone: median(alone), slow: percentile(latenciesMs, 99) });
    }
    const counted = rounds.slice(1);
    const [login, alone] = [median(counted.map((round) => round.login)), median(counted.map((round) => round.alone))];
    const how = `${LOGINS} sign-ins one after the other on SQLite; median of ${ROUNDS} rounds, in turn with the hash`;
    const peer = { name: 'Argon2id alone', value: alone };
    return [
      { name: 'POST /api/v1/auth/login, p50', value: login, unit: 'ms', peer, ratio: alone / login, target: '>= 0.5', note: how },
      { name: 'POST /api/v1/auth/login, p99', value: median(counted.map((round) => round.slow)), unit: 'ms', peer, note: how },
    ];
  } finally {
    client.close();
    await server.stop();
  }
}
