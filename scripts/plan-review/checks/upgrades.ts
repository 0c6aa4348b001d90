/** AWS refuses to make an engine older, and a major upgrade that nobody allowed: in the middle of an apply. */
import type { PlanJson } from '../plan-json.ts';
import { isDowngrade, isMajorUpgrade, partsOf } from '../versions.ts';
import type { Check } from './check.ts';

type Values = PlanJson['resource_changes'][number]['change']['before'];

const engines: readonly string[] = ['aws_db_instance', 'aws_elasticache_replication_group'];

/** Parameter groups are of an engine and its first number. */
const isOtherFamily = (before: Values, after: Values): boolean =>
  before?.engine !== after?.engine || partsOf(before?.engine_version)[0] !== partsOf(after?.engine_version)[0];

const problemOf = (type: string, { before, after }: PlanJson['resource_changes'][number]['change']) => {
  const [from, to] = [before?.engine_version, after?.engine_version];
  if (typeof from !== 'string' || typeof to !== 'string' || from === to) return undefined;
  // Valkey 8 follows Redis 7, and nothing leads back.
  if (before?.engine === 'valkey' && after?.engine === 'redis')
    return 'would go from Valkey back to Redis, which AWS refuses: make another cache';
  if (type === 'aws_elasticache_replication_group' && isOtherFamily(before, after) && after?.apply_immediately !== true)
    return 'would wait for its maintenance window, in which the old parameter group is still in use and cannot go: set apply_immediately = true for this deployment';
  if (before?.engine !== after?.engine) return undefined;
  // RDS raises minor versions by itself: what runs counts, not what was asked for.
  const actual = typeof before?.engine_version_actual === 'string' ? before.engine_version_actual : from;
  if (isDowngrade(actual, to))
    return `would go back from ${actual} to ${to}, which AWS refuses: restore a snapshot from before (docs/runbooks/upgrade-database.md)`;
  if (type === 'aws_db_instance' && isMajorUpgrade(from, to) && after?.allow_major_version_upgrade !== true)
    return `would go from ${from} to ${to}, a major upgrade that AWS refuses without db_allow_major_upgrade = true (docs/runbooks/upgrade-database.md)`;
  return undefined;
};

export const possibleUpgrades: Check = {
  name: 'possible-upgrades',
  asks: 'No engine goes back to an older version, and a major upgrade is allowed by db_allow_major_upgrade.',
  breaches: ({ resource_changes }) =>
    resource_changes.flatMap(({ address, mode, type, change }) => {
      const problem =
        mode === 'managed' && engines.includes(type) && change.actions.join() === 'update'
          ? problemOf(type, change)
          : undefined;
      return problem === undefined ? [] : [{ address, problem }];
    }),
};
