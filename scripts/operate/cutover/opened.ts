/** Everything that a verb of the command works with, for the one region that it is about. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { routes } from '../../../contracts/routes.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { publicUrlOf } from '../../../modules/stacks/hosts.ts';
import type { Host } from '../../platform/command.ts';
import { nowOf } from '../../platform/host.ts';
import { OperatorProblem, UsageProblem } from '../../platform/problem.ts';
import type { Operated } from '../operated.ts';
import { soundingAlarms } from './alarms.ts';
import { aliasWay } from './alias/way.ts';
import { sessionEnd } from './credentials.ts';
import { fargateWay } from './fargate/way.ts';
import type { Clock, Ports, Way } from './ports.ts';
import { refreshWay } from './refresh/way.ts';
import type { Run } from './run.ts';
import { targetOf } from './smoke/find.ts';
import type { Trial } from './smoke/signed-in.ts';
import { openSmoke } from './smoke/smoke.ts';

const clockOf = (host: Host): Clock => ({
  now: () => nowOf(host),
  sleep: (seconds, signal) =>
    sleep(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    }),
});

/** One at a time: a rollback in one region must not wait for another. @throws UsageProblem */
export const onlyDeployment = ({ environment, deployments }: Operated): Deployment => {
  const [only, ...others] = deployments;
  if (only === undefined || others.length > 0)
    throw new UsageProblem(
      `${environment} has several regions, and a cutover is of one: --region ${deployments.map(({ region }) => region).join(', or --region ')}.`,
    );
  return only;
};

const refuse = (why: string): never => {
  throw new OperatorProblem(why);
};

/** @throws OperatorProblem where nothing lets traffic be moved step by step */
export const wayOf = (deployment: Deployment): Way => {
  const { settings, shape } = deployment;
  switch (settings.compute_mode) {
    case 'ec2':
      if (!settings.instance_cutover)
        refuse('A deployment replaces the instances at once: set instance_cutover = true, and deploy.');
      if (!shape.loadBalancer) refuse('The load balancer is switched off: alb_enabled = false.');
      return refreshWay(deployment);
    case 'lambda':
      if (!settings.lambda_cutover)
        refuse('A deployment shifts all traffic of the function at once: set lambda_cutover = true, and deploy.');
      return aliasWay(deployment);
    case 'fargate':
      if (!settings.blue_green) refuse('There is one colour: set blue_green = true, and deploy.');
      if (!shape.loadBalancer) refuse('The load balancer is switched off: alb_enabled = false.');
      return fargateWay(deployment);
  }
};

/** What a run keeps of the way it goes. */
export const wayNameOf = ({ settings }: Deployment): Run['way'] =>
  (({ fargate: 'load-balancer', lambda: 'alias', ec2: 'instance-refresh' }) as const)[settings.compute_mode];

export interface SmokeOptions {
  readonly url?: string | undefined;
  readonly trial?: Trial | undefined;
}

export const portsOf = (host: Host, { environment }: Operated, deployment: Deployment, smoke: SmokeOptions): Ports => {
  const { settings, region } = deployment;
  const origin = publicUrlOf(deployment);
  return {
    way: wayOf(deployment),
    alarms: soundingAlarms(new CloudWatchClient({ region, maxAttempts: 6 }), settings),
    smoke: openSmoke({
      target: targetOf(deployment, environment, smoke.url, host.env),
      own: settings.container === 'countersign',
      resource: origin && `${origin}${routes.mcp.path}`,
      trial: smoke.trial,
      say: host.err,
    }),
    clock: clockOf(host),
    credentialsEnd: sessionEnd(region),
  };
};

/** The ARN that AWS knows the operator by. */
export const callerArn = async (region: string): Promise<string> => {
  const client = new STSClient({ region });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? 'unknown';
  } finally {
    client.destroy();
  }
};
