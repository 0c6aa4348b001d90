/** The token of the cache, which ElastiCache keeps and tells nobody. */
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { untilTrue } from '../waiting.ts';

export interface CacheTokens {
  /** `host:port` of the node that writes; undefined while there is no such cache. */
  address(): Promise<string | undefined>;
  /**
   * rotate: the token is accepted besides the one before, or besides none. set: it is the only one.
   * Resolves when the cache has taken it. @throws OperatorProblem, never with the token
   */
  change(strategy: 'rotate' | 'set', token: string): Promise<void>;
  close(): void;
}

export interface CacheTokensOptions {
  readonly region: string;
  readonly replicationGroupId: string;
  /** Time between two looks. Default: 10 s. */
  readonly everyMs?: number;
}

// AWS changes a small group in some two minutes, a node after the other.
const patienceMs = 30 * 60_000;

const settled = (group: ReplicationGroup | undefined): boolean =>
  group?.Status === 'available' && group.PendingModifiedValues?.AuthTokenStatus === undefined;

export const openCacheTokens = ({ region, replicationGroupId, everyMs = 10_000 }: CacheTokensOptions): CacheTokens => {
  const client = new ElastiCacheClient({ region });
  const look = async (): Promise<ReplicationGroup | undefined> => {
    const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: replicationGroupId });
    const told = await unlessMissing(client.send(command), 'ReplicationGroupNotFoundFault', 'ReplicationGroupNotFound');
    return told?.ReplicationGroups?.[0];
  };
  const untilSettled = async (): Promise<void> => {
    if (!(await untilTrue(async () => settled(await look()), { everyMs, patienceMs })))
      throw new OperatorProblem(`The cache ${replicationGroupId} in ${region} did not become available: repeat later.`);
  };
  return {
    address: async () => {
      const endpoint = (await look())?.NodeGroups?.[0]?.PrimaryEndpoint;
      return endpoint?.Address === undefined ? undefined : `${endpoint.Address}:${endpoint.Port}`;
    },
    change: async (strategy, token) => {
      await untilSettled();
      const command = new ModifyReplicationGroupCommand({
        ReplicationGroupId: replicationGroupId,
        AuthToken: token,
        AuthTokenUpdateStrategy: strategy === 'set' ? 'SET' : 'ROTATE',
        ApplyImmediately: true,
      });
      try {
        await client.send(command);
      } catch (error) {
        // The answer may repeat what was sent.
        throw new OperatorProblem(
          `The cache ${replicationGroupId} in ${region} did not take a token (${error instanceof Error ? error.name : 'unknown'}): it takes elasticache:ModifyReplicationGroup, and a cache with TLS.`,
        );
      }
      await untilSettled();
    },
    close: () => client.destroy(),
  };
};

/** What clients connect to. */
export const cacheUrl = (token: string, address: string): string => `rediss://:${token}@${address}`;

export const tokenOf = (url: string): string | undefined => {
  try {
    return decodeURIComponent(new URL(url).password) || undefined;
  } catch {
    return undefined;
  }
};
