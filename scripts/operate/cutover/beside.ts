/** What Terraform would change is not touched while a cutover holds counts and weights. */
import { targetOf } from '../../../modules/stacks/target.ts';
import type { Host } from '../../platform/command.ts';
import { during } from '../../platform/host.ts';
import { reachesTarget } from '../adopt/adopt.ts';
import { callingAws, openOperated } from '../operated.ts';
import { refuseWhileOpen } from './open-run.ts';

/**
 * @param what cannot be done beside an open run, such as `deploy`
 * @throws OperatorProblem naming the run and how to end it
 */
export const refuseBesideCutover = async (
  host: Host,
  place: { readonly environment?: string; readonly region?: string },
  what: string,
): Promise<void> => {
  if (!reachesTarget(host, { target: targetOf(host.env) })) return;
  const operated = await openOperated(host, place);
  await during(host, 'Looking for an open cutover', () =>
    callingAws(operated, () => refuseWhileOpen(operated.deployments, what)),
  );
};
