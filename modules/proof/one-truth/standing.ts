/** A stack's service, standing on what the stack says and on nothing else. */
import { z } from 'zod';
import { type SpawnedService, spawnService } from '../../../service/test/rigs/service.ts';
import { freePort } from '../../../service/test/servers/server.ts';
import { openCompany } from './company.ts';
import { type FunctionPlace, startFunctions } from './functions.ts';
import { enter, type Hop } from './ingress/hop.ts';
import { ingressOf } from './ingress/names.ts';
import { type AwsConfig, make } from './made.ts';
import { onLoopback } from './overrides.ts';
import type { Stack } from './stack.ts';
import { type Workload, workloadOf } from './workload.ts';
import { account, type World } from './world.ts';

export interface Standing {
  readonly stack: Stack;
  readonly aws: AwsConfig;
  /** What people and clients type. */
  readonly origin: string;
  /** The service behind the load balancer; undefined for a function. */
  readonly served: { readonly workload: Workload; readonly url: string } | undefined;
  /** The functions and what they wrote, by name of their block. */
  readonly functions: Awaited<ReturnType<typeof startFunctions>>;
  /** What the service wrote. */
  output(): string;
  stop(): Promise<void>;
}

const functionVariables = (stack: Stack): Record<string, string> => {
  const service = stack.all('aws_lambda_function').find(([, { handler }]) => handler === 'lambda.handler')?.[1];
  const { variables } = z.object({ variables: z.record(z.string(), z.string()) }).parse(service?.environment);
  return z.record(z.string(), z.string()).parse(stack.evaluate(variables));
};

/**
 * Makes what the stack describes and starts the service on it.
 * @param json the synthesized stack
 * @throws with what the service said, when it refuses to start
 */
export const standUp = async (json: string, world: World): Promise<Standing> => {
  const aws = await world.reset();
  const { stack, readSecret, clientSecret } = await make(json, { ...world.surroundings, aws });
  const behindLoadBalancer = stack.all('aws_lb_target_group').length > 0;
  const workload = behindLoadBalancer ? await workloadOf(stack, readSecret) : undefined;
  const variables = workload?.variables ?? functionVariables(stack);
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const company = await openCompany(stack, variables, clientSecret);
    closing.push(() => company.stop());
    const issuer = new URL(company.issuer).host;
    await world.internet.put(
      issuer,
      enter(issuer, async ({ headers }) => ({
        kind: 'pass',
        origin: company.origin,
        headers: { ...headers, 'x-forwarded-proto': 'https' },
        renames: false,
      })),
    );
    const origin = z.string().parse(variables.PUBLIC_URL);
    const host = new URL(origin).host;
    // Known by its certificate before anything starts that calls it.
    const front: { hop?: Hop } = {};
    await world.internet.put(host, (incoming, outgoing) => {
      if (front.hop) enter(host, front.hop)(incoming, outgoing);
      else outgoing.writeHead(503).end();
    });
    const port = await freePort();
    const loopback = { ...world.loopback, port, credentials: aws.credentials };
    const place: FunctionPlace = { bundles: await world.bundles(), region: account.region, loopback };
    const functions = await startFunctions(stack, place);
    for (const each of functions.values()) closing.push(() => each.stop());
    let service: SpawnedService | undefined;
    if (workload) {
      service = await spawnService({ environment: onLoopback(variables, loopback), port, patient: false });
      closing.push(service.stop);
    }
    const targets = new Map(workload && [[workload.targetGroup, `http://127.0.0.1:${port}`]]);
    front.hop = ingressOf(stack, { targets, functions })(host);
    return {
      stack,
      aws,
      origin,
      served: workload && { workload, url: `http://127.0.0.1:${port}` },
      functions,
      output: () => [service, ...functions.values()].map((each) => each?.output() ?? '').join(''),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
