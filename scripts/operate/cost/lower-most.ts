/** Lowers how many tasks scaling may reach, where operations own the bounds. */
import { ownershipOf } from '../../../contracts/settings/owned.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { runningNames } from '../running.ts';
import { type Counts, countsText, wantedCounts } from '../scale/counts.ts';
import { servicesOf } from '../scale/scalable.ts';
import { scalableService, serviceClients } from '../scale/service.ts';

export interface Lowering {
  readonly region: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** The call that brings back what was there. */
  readonly back: string;
  readonly write: () => Promise<void>;
}

const lowered = (name: string, live: Counts, most: number | undefined): Counts | undefined => {
  const { bounds } = live;
  if (bounds === undefined)
    throw new OperatorProblem(`Nothing scales ${name}, so it has no upper bound: npm run scale.`);
  // Tasks that run are not taken away unless somebody says so.
  const max = most ?? Math.max(bounds.min, live.desired);
  if (max < bounds.min)
    throw new OperatorProblem(
      `--max ${max} is below the lower bound of ${name}, ${bounds.min}. To go lower: npm run scale.`,
    );
  return max < bounds.max ? wantedCounts(live, { max }) : undefined;
};

/**
 * Of the colours that run; one without tasks costs nothing. Empty: none has a higher most.
 * @throws OperatorProblem where Terraform owns the bounds, because the next deployment would undo it
 */
export const loweringsOf = async (
  environment: string,
  deployment: Deployment,
  most: number | undefined,
): Promise<Lowering[]> => {
  const { settings, region } = deployment;
  if (!ownershipOf(settings).bounds)
    throw new OperatorProblem(
      'Terraform owns max_count here: change it in the file of the environment, then npm run plan and npm run deploy.',
    );
  const clients = serviceClients(region);
  const { cluster } = runningNames(deployment);
  const read = servicesOf(deployment, 'all').map(async ([colour, service]): Promise<Lowering[]> => {
    const scalable = scalableService(clients, cluster, service);
    const live = await scalable.read();
    if (live === undefined || live.desired === 0) return [];
    const wanted = lowered(scalable.name, live, most);
    if (wanted === undefined) return [];
    const only = settings.blue_green ? ` --colour ${colour}` : '';
    const { desired, bounds } = live;
    const back = `npm run scale -- --environment ${environment} --region ${region}${only} --desired ${desired} --min ${bounds?.min} --max ${bounds?.max}`;
    const write = () => scalable.write(wanted);
    return [{ region, name: scalable.name, before: countsText(live), after: countsText(wanted), back, write }];
  });
  return (await Promise.all(read)).flat();
};
