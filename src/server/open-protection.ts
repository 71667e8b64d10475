import type { Config } from './config.ts';
import { ConfigError } from './config-values.ts';
import { type Keyring, openKeyring } from './encryption/keyring.ts';
import { hasTenantKeys } from './encryption/repository.ts';
import { cachedBlobs } from './infra/blobs-cached.ts';
import { openEncryptedBlobs } from './infra/blobs-encrypted.ts';
import { openMemoryBuckets } from './infra/buckets-memory.ts';
import { openClamav } from './infra/clamav.ts';
import { openContentCache } from './infra/content-cache.ts';
import { createKeyFile, MasterKeyError, openMasterKeys } from './infra/master-key.ts';
import { type Egress, openEgress } from './platform/egress.ts';
import type { ByteStore, Scan, SealedBlobStore, SystemDb, TokenBuckets } from './platform/ports.ts';
import type { KeyWrapper } from './platform/tenant-keys.ts';

/** Told what an operator should know, for the log; never patient data. */
export type NoticeListener = (message: string) => void;

export type Protection = {
  keyring: Keyring;
  /** A tenant's blobs, opened when they are first needed. */
  blobsOf(tenantId: string): Promise<SealedBlobStore>;
  buckets: TokenBuckets;
  /** The only way by which this program calls others. */
  egress: Egress;
  /** Undefined where no virus scanner is configured. */
  scan: Scan | undefined;
};

export type ProtectionDeps = {
  systemDb: SystemDb;
  bytesOf(tenantId: string): Promise<ByteStore>;
  now: () => Date;
  onNotice: NoticeListener;
};

/** Opens what protects the data, as configured. @throws {ConfigError} if the master key is missing or wrong */
export async function openProtection(config: Config, { systemDb, bytesOf, now, onNotice }: ProtectionDeps): Promise<Protection> {
  const keyring = await openInstallationKeyring(config, { systemDb, now, onNotice });
  const cache = openContentCache(config.contentCacheBytes);
  const opened = new Map<string, Promise<SealedBlobStore>>();
  const open = async (tenantId: string): Promise<SealedBlobStore> =>
    cachedBlobs(openEncryptedBlobs(await bytesOf(tenantId), await keyring.of(tenantId), { sealing: config.encryption }), cache, tenantId);
  return {
    keyring,
    blobsOf: (tenantId) => {
      const known = opened.get(tenantId);
      if (known) return known;
      const blobs = open(tenantId);
      opened.set(tenantId, blobs);
      blobs.catch(() => opened.delete(tenantId));
      return blobs;
    },
    buckets: await openBuckets(config, now, onNotice),
    egress: openEgress({ allow: config.egressAllow }),
    scan: config.clamav && openClamav({ ...config.clamav, onSkipped: (reason) => onNotice(`An upload was not scanned: ${reason}`) }),
  };
}

/** The keys of all tenants, opened with the configured master key. @throws {ConfigError} if that is missing or wrong */
export async function openInstallationKeyring(
  config: Config,
  { systemDb, now, onNotice }: Pick<ProtectionDeps, 'systemDb' | 'now' | 'onNotice'>,
): Promise<Keyring> {
  return await openKeyring({ db: systemDb, masterKeys: await masterKeysOf(config, systemDb, onNotice), now });
}

async function openBuckets({ redisUrl }: Config, now: () => Date, onNotice: NoticeListener): Promise<TokenBuckets> {
  if (!redisUrl) return openMemoryBuckets(now);
  const { openRedisBuckets } = await import('./infra/buckets-redis.ts');
  return openRedisBuckets({
    url: redisUrl,
    now,
    onError: () => onNotice('Redis does not answer: until it does, each process counts requests for itself'),
  });
}

async function masterKeysOf(config: Config, systemDb: SystemDb, onNotice: NoticeListener): Promise<readonly [KeyWrapper, ...KeyWrapper[]]> {
  try {
    const found = await openMasterKeys(config);
    if (found) return found;
    // Never made anew over data that another key protects: that would only hide what is missing.
    if (await hasTenantKeys(systemDb)) {
      throw new MasterKeyError(`The master key is missing: ${config.keyFile} is not there. Put it back, or what is stored cannot be read`);
    }
    await createKeyFile(config.keyFile);
    onNotice(`A master key was made: ${config.keyFile}. Keep a copy in another place: without it nothing that is stored can be read`);
    const made = await openMasterKeys(config);
    if (made) return made;
    throw new MasterKeyError(`${config.keyFile} could not be read back`);
  } catch (error) {
    throw error instanceof MasterKeyError ? new ConfigError(error.message) : error;
  }
}
