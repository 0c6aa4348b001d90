/** What the work on secrets reaches out to. Tests hand in their own. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { type Restarted, restart } from '../restart.ts';
import { runningNames } from '../running.ts';
import { type CacheTokens, openCacheTokens } from './cache-token.ts';
import { openVault, type Vault } from './vault.ts';

export interface Ports {
  readonly vault: (deployment: Deployment) => Vault;
  readonly cacheTokens: (deployment: Deployment) => CacheTokens;
  readonly restart: (deployment: Deployment) => Promise<Restarted>;
}

const once = <T>(open: (deployment: Deployment) => T): ((deployment: Deployment) => T) => {
  const opened = new Map<Deployment, T>();
  return (deployment) => {
    const known = opened.get(deployment) ?? open(deployment);
    opened.set(deployment, known);
    return known;
  };
};

/** @param everyMs time between two looks at what AWS does in its own time */
export const awsPorts = (everyMs?: number): Ports => ({
  vault: once(({ region }) => openVault(region)),
  cacheTokens: once((deployment) =>
    openCacheTokens({ region: deployment.region, replicationGroupId: runningNames(deployment).cache, everyMs }),
  ),
  restart: (deployment) => restart(deployment, { everyMs }),
});
