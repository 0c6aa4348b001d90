/** Restarts what reads the values that were changed. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Host } from '../../platform/command.ts';
import type { Restarted } from '../restart.ts';
import type { Ports } from './ports.ts';

/** Answers what was begun, by deployment. */
export const restartAll = async (
  host: Host,
  ports: Ports,
  deployments: Iterable<Deployment>,
): Promise<readonly Restarted[]> => {
  const begun: Restarted[] = [];
  for (const deployment of deployments) {
    const restarted = await ports.restart(deployment);
    host.out(
      restarted.what.length === 0
        ? `${deployment.region}: nothing runs yet that would read it`
        : `${deployment.region}: restarting ${restarted.what.join(', ')}`,
    );
    begun.push(restarted);
  }
  return begun;
};
