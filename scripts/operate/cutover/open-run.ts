/** Whether a cutover is open, for whatever must not run beside one. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isOpen, type Run, stateText } from './run.ts';
import { openStore } from './store.ts';

/**
 * The cutover that is open in the deployment's region; undefined where there is none.
 * @example `if ((await openRun(deployment)) !== undefined) return;`
 */
export const openRun = async (deployment: Deployment): Promise<Run | undefined> => {
  const kept = await openStore(deployment).read();
  return kept !== undefined && isOpen(kept.run) ? kept.run : undefined;
};

/** One sentence about an open run: who, since when, how far. */
export const openRunText = (run: Run): string =>
  `A cutover of ${run.environment} in ${run.region} is open: ${run.run} of ${run.owner}, begun ${run.startedAt}, is ${stateText(run)}.`;

/**
 * @param what cannot be done beside an open run, such as `deploy`
 * @throws OperatorProblem naming the run and how to end it
 */
export const refuseWhileOpen = async (deployments: readonly Deployment[], what: string): Promise<void> => {
  for (const deployment of deployments) {
    const run = await openRun(deployment);
    if (run === undefined) continue;
    throw new OperatorProblem(
      `${openRunText(run)} ${what} waits until it is over: npm run cutover -- --environment ${run.environment} --region ${run.region} status, then resume, rollback or abort.`,
    );
  }
};
