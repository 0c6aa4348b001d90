/** What answers instead of the service: a rule of the load balancer, or for a function nothing but its being stopped. */
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { findLoadBalancer } from '../health/front.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import { answersSo, findRule, refuseForeign, switchOff, switchOn } from './rule.ts';

/** What would become of one region. */
export interface Switching {
  readonly region: string;
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Undefined: it is so already. */
  readonly write?: () => Promise<void>;
}

const told = (body: string | undefined): string => (body === undefined ? 'serves' : `answers 503 ${body}`);

const byRule = async (deployment: Deployment, client: ClientOf, body: string | undefined): Promise<Switching> => {
  const { region, settings } = deployment;
  const name = runningNames(deployment).loadBalancer;
  if (!deployment.shape.loadBalancer)
    throw new OperatorProblem(
      `${settings.environment} has no load balancer now (alb_enabled = false), so there is nothing that could answer: nobody reaches the service anyway.`,
    );
  const elb = client(ElasticLoadBalancingV2Client);
  const arn = (await findLoadBalancer({ client, deployment }))?.LoadBalancerArn;
  const found = arn === undefined ? undefined : await findRule(elb, arn);
  if (found === undefined) throw new OperatorProblem(`${name} in ${region} does not serve: npm run deploy`);
  refuseForeign(found);
  const { rule, page } = found;
  const before = page === undefined ? 'serves' : `answers 503${page.until ? ` until ${page.until.toISOString()}` : ''}`;
  const same = body === undefined ? rule === undefined : answersSo(found, body);
  return {
    region,
    what: `load balancer ${name}`,
    before,
    after: told(body),
    ...(!same && { write: () => (body === undefined ? switchOff(elb, found) : switchOn(elb, found, body)) }),
  };
};

/**
 * An HTTP API answers nothing by itself, and CloudFront no fixed JSON without a change of Terraform's. So the function
 * takes no calls; what API Gateway then says is its own.
 */
const byConcurrency = async (deployment: Deployment, client: ClientOf, on: boolean): Promise<Switching> => {
  const { region, settings } = deployment;
  const { lambda_provisioned_concurrency: warm, lambda_reserved_concurrency: wanted } = settings;
  const FunctionName = runningNames(deployment).function;
  if (on && warm > 0)
    throw new OperatorProblem(
      `AWS stops no function that keeps executions warm, and ${settings.environment} keeps ${warm}: set lambda_provisioned_concurrency = 0 and deploy that first${settings.lambda_cutover ? `, then take it from the version in service: aws lambda delete-provisioned-concurrency-config --function-name ${FunctionName} --qualifier <version>` : ''}.`,
    );
  const lambda = client(LambdaClient);
  const read = await unlessMissing(
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    'ResourceNotFoundException',
  );
  if (read === undefined)
    throw new OperatorProblem(`There is no function ${FunctionName} in ${region}: npm run deploy`);
  const stopped = read.ReservedConcurrentExecutions === 0;
  const write = async (): Promise<void> => {
    if (on) await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    else if (wanted === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    else await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: wanted }));
  };
  const says = (off: boolean): string => (off ? 'takes no calls: API Gateway answers 5xx by itself' : 'serves');
  return {
    region,
    what: `function ${FunctionName}`,
    before: says(stopped),
    after: says(on),
    ...(stopped !== on && { write }),
  };
};

/**
 * @param body what is answered from then on; undefined: the service serves again
 * @throws OperatorProblem where nothing could answer
 */
export const switchingOf = (deployment: Deployment, client: ClientOf, body: string | undefined): Promise<Switching> =>
  deployment.settings.compute_mode === 'lambda'
    ? byConcurrency(deployment, client, body !== undefined)
    : byRule(deployment, client, body);
