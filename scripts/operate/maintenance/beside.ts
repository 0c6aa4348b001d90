/** Maintenance and a cutover keep apart: what maintenance answers is a 5xx, and a cutover goes back on those. */
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { openClients } from '../clients.ts';
import { openRun, openRunText } from '../cutover/open-run.ts';
import { findLoadBalancer } from '../health/front.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import { findRule } from './rule.ts';

/** Once it holds, nothing is watched any more that maintenance would disturb. */
const disturbs = ({ state }: { readonly state: string }): boolean => state !== 'holding';

/** @throws OperatorProblem while a cutover looks at what clients are answered */
export const refuseWhileShifting = async (deployments: readonly Deployment[]): Promise<void> => {
  for (const deployment of deployments) {
    const run = await openRun(deployment);
    if (run === undefined || !disturbs(run)) continue;
    throw new OperatorProblem(
      `${openRunText(run)} It would take the 503 for a fault of the new version, and go back: npm run cutover -- --environment ${run.environment} --region ${run.region} rollback first, or wait until it is holding.`,
    );
  }
};

const isOn = async (deployment: Deployment): Promise<boolean> => {
  const { of: client, close } = openClients(deployment.region, undefined);
  try {
    if (deployment.settings.compute_mode === 'lambda') {
      const { function: FunctionName } = runningNames(deployment);
      const asked = client(LambdaClient).send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return (await unlessMissing(asked, 'ResourceNotFoundException'))?.ReservedConcurrentExecutions === 0;
    }
    const arn = (await findLoadBalancer({ client, deployment }))?.LoadBalancerArn;
    const found = arn === undefined ? undefined : await findRule(client(ElasticLoadBalancingV2Client), arn);
    return found?.page !== undefined;
  } finally {
    close();
  }
};

/** @throws OperatorProblem while maintenance is on */
export const refuseInMaintenance = async (deployment: Deployment, environment: string): Promise<void> => {
  if (await isOn(deployment))
    throw new OperatorProblem(
      `Maintenance is on, so that clients are answered 503, and a cutover would go back on it: npm run maintenance -- --environment ${environment} off first.`,
    );
};
