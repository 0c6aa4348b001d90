/** What all environments of a test file stand on: emulators, databases, names. One environment at a time. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../../scripts/build-functions.ts';
import { adsArea } from '../../../service/src/packs/marketing/sandbox/ads/index.ts';
import { startStandIn } from '../../../service/src/packs/marketing/sandbox/stand-in.ts';
import { configFor, useTestCredentials } from '../../../service/test/estate/moto-cloud.ts';
import { selfSigned } from '../../../service/test/rigs/self-signed.ts';
import { startMoto } from '../../../service/test/servers/moto.ts';
import { startPostgres } from '../../../service/test/servers/postgres.ts';
import { startProxy } from '../../../service/test/servers/proxy.ts';
import { startRedis } from '../../../service/test/servers/redis.ts';
import type { AwsConfig } from './aws-config.ts';
import { secure } from './database.ts';
import { type Internet, openInternet } from './internet.ts';
import type { Surroundings } from './made.ts';
import type { Loopback } from './overrides.ts';

/** That of every environment in environments/. */
export const account = { id: '111122223333', region: 'us-east-1' };

/** Programs without which there is none. */
export const needed = ['moto_server', 'initdb', 'postgres', 'redis-server'] as const;

const databaseHost = 'localhost';

export interface World {
  readonly surroundings: Omit<Surroundings, 'aws'>;
  readonly loopback: Omit<Loopback, 'port' | 'credentials'>;
  readonly internet: Internet;
  /** Folder with the functions' bundles, made when first asked for. */
  bundles(): Promise<string>;
  /** Forgets everything in AWS and Redis, and answers how to reach AWS. */
  reset(): Promise<AwsConfig>;
  stop(): Promise<void>;
}

export const openWorld = async (): Promise<World> => {
  useTestCredentials();
  const folder = await mkdtemp(join(tmpdir(), 'one-truth-'));
  const certificate = selfSigned(databaseHost);
  const [moto, postgres, redis] = await Promise.all([startMoto(), startPostgres(), startRedis()]);
  const databaseUrl = await secure(postgres.url, certificate);
  const databaseCaFile = join(folder, 'database.pem');
  await writeFile(databaseCaFile, certificate.cert);
  // moto does not keep transactions apart that run at once.
  const aws = await startProxy(moto.url);
  const google = await startStandIn([await adsArea({})], () => new Date());
  const internet = await openInternet(join(folder, 'certificates.pem'));
  let bundling: Promise<string> | undefined;
  let resets = 0;
  const bundle = async (): Promise<string> => {
    await bundleFunctions(join(folder, 'functions'));
    return join(folder, 'functions');
  };
  return {
    surroundings: {
      databaseUrl,
      databaseHost,
      get redisUrl() {
        // Of its databases a fresh one.
        return `${redis.url}/${resets % 16}`;
      },
    },
    loopback: {
      awsUrl: aws.url,
      databasePort: new URL(databaseUrl).port,
      databaseCaFile,
      internet: internet.variables,
      googleUrl: google.url,
    },
    internet,
    bundles: () => {
      bundling ??= bundle();
      return bundling;
    },
    reset: async () => {
      resets += 1;
      await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' });
      const { credentials } = await configFor(moto.url, account.id, account.region);
      if (credentials === undefined) throw new Error('moto’s own account is another');
      return { endpoint: moto.url, region: account.region, credentials };
    },
    stop: async () => {
      await internet.stop();
      await google.close();
      await aws.stop();
      await Promise.all([moto.stop(), postgres.stop(), redis.stop()]);
      await rm(folder, { recursive: true });
    },
  };
};
