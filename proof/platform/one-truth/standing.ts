/** A stack's service, standing on what the stack says and on nothing else. */
import { z } from 'zod';
import type { Company } from '../../../service/test/rigs/company.ts';
import type { FunctionProcess } from '../../../service/test/rigs/http-api.ts';
import { type SpawnedService, spawnService } from '../../../service/test/rigs/service.ts';
import { freePort } from '../../../service/test/servers/server.ts';
import type { AwsConfig } from './aws-config.ts';
import { openCompany } from './company.ts';
import { startFunctions } from './functions.ts';
import { enter, type Hop } from './ingress/hop.ts';
import { ingressOf } from './ingress/names.ts';
import { type Kept, keptBy, leaveJob } from './kept.ts';
import { make } from './made.ts';
import { onLoopback } from './overrides.ts';
import type { ReadSecret } from './secret.ts';
import type { Stack } from './stack.ts';
import { type Workload, workloadOf } from './workload.ts';
import { account, type World } from './world.ts';

export interface Standing {
  readonly stack: Stack;
  readonly aws: AwsConfig;
  /** What people and clients type. */
  readonly origin: string;
  /** The tool packs that the stack has it serve. */
  readonly packs: readonly string[];
  /** What the application of whoever keeps the keys sends to the facade besides a token; nothing where none is asked for. */
  readonly keyHeaders: Readonly<Record<string, string>>;
  /** The service behind the load balancer; undefined for a function. */
  readonly served: { readonly workload: Workload; readonly url: string } | undefined;
  /** The functions and what they wrote, by name of their block. */
  readonly functions: ReadonlyMap<string, FunctionProcess>;
  /** What the service wrote. */
  output(): string;
  kept(): Promise<Kept>;
  /** Leaves a job in the stack's store, of which nobody has been told. */
  leaveJob(): Promise<void>;
  /** Asks the service to stop, as ECS does; its exit code. A function is not asked. */
  end(): Promise<number | null>;
  stop(): Promise<void>;
}

const functionVariables = (stack: Stack): Record<string, string> => {
  const service = stack.all('aws_lambda_function').find(([, { handler }]) => handler === 'lambda.handler')?.[1];
  const { variables } = z.object({ variables: z.record(z.string(), z.string()) }).parse(service?.environment);
  return z.record(z.string(), z.string()).parse(stack.evaluate(variables));
};

const Keyed = z.object({ API_KEY_HEADER: z.string(), API_KEYS_SECRET: z.string() });

/** The header and the secret that the stack's authorizer is told of. */
const keyHeadersOf = async (stack: Stack, read: ReadSecret): Promise<Standing['keyHeaders']> => {
  for (const [, { environment }] of stack.all('aws_lambda_function')) {
    const { variables } = z.object({ variables: z.record(z.string(), z.string()) }).parse(environment);
    if (variables.API_KEYS_SECRET === undefined) continue;
    const { API_KEY_HEADER, API_KEYS_SECRET } = Keyed.parse(stack.evaluate(variables));
    const { current } = z.object({ current: z.string() }).parse(JSON.parse(await read(API_KEYS_SECRET)));
    return { [API_KEY_HEADER]: current };
  }
  return {};
};

/** Puts the company's provider where the service is told that it is. */
const openIssuer = async (world: World, { issuer, origin }: Company): Promise<void> => {
  const { host } = new URL(issuer);
  const hop: Hop = async ({ headers }) => ({
    kind: 'pass',
    origin,
    headers: { ...headers, 'x-forwarded-proto': 'https' },
    renames: false,
  });
  await world.internet.put(host, enter(host, hop));
};

/**
 * Makes what the stack describes and starts the service on it.
 * @param json the synthesized stack
 * @throws with what the service said, when it refuses to start
 */
export const standUp = async (json: string, world: World): Promise<Standing> => {
  const aws = await world.reset();
  const surroundings = { ...world.surroundings, aws };
  const { stack, readSecret, clientSecret } = await make(json, surroundings);
  const behindLoadBalancer = stack.all('aws_lb_target_group').length > 0;
  const workload = behindLoadBalancer ? await workloadOf(stack, readSecret) : undefined;
  const variables = workload?.variables ?? functionVariables(stack);
  const company = await openCompany(stack, variables, clientSecret);
  const functions = new Map<string, FunctionProcess>();
  let service: SpawnedService | undefined;
  const stop = async () => {
    await service?.stop();
    for (const each of functions.values()) await each.stop();
    await company.stop();
  };
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const origin = z.string().parse(variables.PUBLIC_URL);
    const { host } = new URL(origin);
    const targets = new Map(workload && [[workload.targetGroup, url]]);
    // Names first: a process knows the certificates that are there when it starts.
    await openIssuer(world, company);
    await world.internet.put(host, enter(host, ingressOf(stack, { targets, functions })(host)));
    const googleUrl = variables.MARKETING === 'google' ? world.loopback.googleUrl : undefined;
    const loopback = { ...world.loopback, googleUrl, port, credentials: aws.credentials };
    const place = { bundles: await world.bundles(), region: account.region, loopback };
    await startFunctions(stack, place, functions);
    if (workload) service = await spawnService({ environment: onLoopback(variables, loopback), port, patient: false });
    return {
      stack,
      aws,
      origin,
      packs: z.string().parse(variables.TOOL_PACKS).split(','),
      keyHeaders: await keyHeadersOf(stack, readSecret),
      served: workload && { workload, url },
      functions,
      output: () => [service, ...functions.values()].map((each) => each?.output() ?? '').join(''),
      kept: () => keptBy(stack, surroundings),
      leaveJob: () => leaveJob(stack, surroundings),
      end: async () => service?.terminate() ?? 0,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
