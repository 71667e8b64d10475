import { Redis } from 'ioredis';
import type { TokenBuckets } from '../platform/ports.ts';
import { openMemoryBuckets } from './buckets-memory.ts';

/** A request does not wait longer than this for Redis. */
const ANSWER_MS = 250;
const RECONNECT_MS = 2_000;
const PREFIX = 'isocenter:bucket:';

/** As `takeTokens`, in one step of Redis, so that processes that ask at the same time never both get the last token. */
const TAKE = `
local at, window, per, tokens = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or at), at)
local after = before + tokens * per
local retry = math.max(0, after - window - at)
if retry > 0 then return { string.format('%.3f', before), string.format('%.3f', retry) } end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - at) + 1000)
return { string.format('%.3f', after), '0' }`;

type Scripted = Redis & {
  takeTokens(key: string, at: number, windowMs: number, perToken: number, tokens: number): Promise<[string, string]>;
};

export type RedisBucketsOptions = {
  url: string;
  now: () => Date;
  /** Told when Redis begins to fail, and not again until it has answered. */
  onError?: (error: unknown) => void;
};

/** Token buckets that all processes of an installation share. While Redis does not answer, each process counts for itself. */
export function openRedisBuckets({ url, now, onError = () => undefined }: RedisBucketsOptions): TokenBuckets {
  const own = openMemoryBuckets(now);
  let failing = false;
  const failed = (error: unknown): void => {
    if (!failing) onError(error);
    failing = true;
  };
  const redis = new Redis(url, {
    commandTimeout: ANSWER_MS,
    connectTimeout: RECONNECT_MS,
    maxRetriesPerRequest: 0,
    // A command that cannot be sent now fails now: the request it belongs to waits for it.
    enableOfflineQueue: false,
    retryStrategy: () => RECONNECT_MS,
  }) as Scripted;
  redis.defineCommand('takeTokens', { numberOfKeys: 1, lua: TAKE });
  redis.on('error', failed);

  return {
    take: async (name, size, tokens = 1) => {
      const at = now().getTime();
      const perToken = size.windowMs / size.quantity;
      try {
        const [next, retry] = await redis.takeTokens(PREFIX + name, at, size.windowMs, perToken, tokens);
        failing = false;
        const fullInMs = Number(next) - at;
        const remaining = Math.max(0, Math.floor((size.windowMs - fullInMs) / perToken + 1e-6));
        return { allowed: Number(retry) === 0, remaining, fullInMs, retryInMs: Number(retry) };
      } catch (error) {
        failed(error);
        return await own.take(name, size, tokens);
      }
    },
    close: async () => {
      redis.disconnect();
      await own.close();
    },
  };
}
