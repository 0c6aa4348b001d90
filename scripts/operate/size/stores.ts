/** Whether the database and the nodes of the cache are too large or too small, by what they used. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { runningNames } from '../running.ts';
import { judgeUsage, type Usage, type Verdict } from './judge.ts';
import { minutesOf, type Period } from './usage.ts';

export interface JudgedStore extends Verdict<string> {
  readonly region: string;
  readonly name: string;
  /** The setting that has its size. */
  readonly setting: 'db_class' | 'cache_node';
  readonly size: string;
}

/** Sizes of burstable classes, each with twice the memory of the one before. */
const sizes: readonly string[] = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'];

/** GiB of a database of such a class: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
const memoryGib = (size: string): number | undefined => {
  const [, family = '', step = ''] = /^db\.(\w+)\.(\w+)$/.exec(size) ?? [];
  const at = sizes.indexOf(step);
  return ['t3', 't4g'].includes(family) && at >= 0 ? 2 ** at : undefined;
};

/** How much of its memory a database uses, in percent. Undefined: nothing here knows how much a class has. */
export const memoryUsed = (size: string, freeBytes: number): number | undefined => {
  const gib = memoryGib(size);
  return gib === undefined ? undefined : 100 * (1 - freeBytes / (gib * 2 ** 30));
};

/** The next class of the family. Undefined: there is none. */
const beside = (size: string, by: 1 | -1): string | undefined => {
  const [, family = '', step = ''] = /^(.*\.)(\w+)$/.exec(size) ?? [];
  const at = sizes.indexOf(step);
  const next = at < 0 ? undefined : sizes[at + by];
  return next && `${family}${next}`;
};

export const judgeStore = (usage: Usage, size: string): Verdict<string> =>
  judgeUsage(usage, {
    halved: () => beside(size, -1),
    doubled: () => beside(size, 1),
    none: (which) => `the family of ${size} has nothing ${which}`,
  });

const databaseOf = async (deployment: Deployment, period: Period): Promise<JudgedStore[]> => {
  const { region, settings } = deployment;
  const size = settings.db_class;
  if (settings.store_mode !== 'postgres' || memoryUsed(size, 0) === undefined) return [];
  const name = runningNames(deployment).database;
  const metrics = ['CPUUtilization', 'FreeableMemory'];
  const of = { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: name }, metrics };
  const found = await minutesOf(new CloudWatchClient({ region }), of, period);
  const memory = found('FreeableMemory').flatMap((free) => memoryUsed(size, free) ?? []);
  return [{ region, name, setting: 'db_class', size, ...judgeStore({ cpu: found('CPUUtilization'), memory }, size) }];
};

const cacheOf = async (deployment: Deployment, period: Period): Promise<JudgedStore[]> => {
  const { region, settings } = deployment;
  if (!settings.cache_enabled) return [];
  const size = settings.cache_node;
  const metrics = ['CPUUtilization', 'DatabaseMemoryUsagePercentage'];
  const nodes = Array.from({ length: settings.cache_nodes }, (_, index) => String(index + 1).padStart(3, '0'));
  return Promise.all(
    nodes.map(async (node): Promise<JudgedStore> => {
      const name = `${runningNames(deployment).cache}-${node}`;
      const of = { namespace: 'AWS/ElastiCache', dimensions: { CacheClusterId: name }, metrics };
      const found = await minutesOf(new CloudWatchClient({ region }), of, period);
      const usage = { cpu: found('CPUUtilization'), memory: found('DatabaseMemoryUsagePercentage') };
      return { region, name, setting: 'cache_node', size, ...judgeStore(usage, size) };
    }),
  );
};

/** Database and cache of one region. A class whose memory is not known here is left out. */
export const storesIn = async (deployment: Deployment, period: Period): Promise<JudgedStore[]> =>
  (await Promise.all([databaseOf(deployment, period), cacheOf(deployment, period)])).flat();

/** What each setting should be: smaller where all may, larger where one must. */
export const wantedStores = (judged: readonly JudgedStore[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...Map.groupBy(judged, ({ setting }) => setting)].flatMap(([setting, all]) => {
      const known = all.filter(({ verdict }) => verdict !== 'unknown');
      const larger = known.find(({ verdict, wanted }) => verdict === 'double' && wanted !== undefined)?.wanted;
      const smaller =
        known.length > 0 && known.every(({ verdict }) => verdict === 'halve') ? known[0]?.wanted : undefined;
      const wanted = larger ?? smaller;
      return wanted === undefined ? [] : [[setting, wanted]];
    }),
  );
