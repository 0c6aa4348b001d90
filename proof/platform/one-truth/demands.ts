/** What every environment must hold to, whichever it is. Each fails where stack and service have come apart. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { routeKey } from '../../../contracts/gateway.ts';
import type { RouteContract } from '../../../contracts/route.ts';
import { routes, routesOf } from '../../../contracts/routes.ts';
import { attributesOf } from './company.ts';
import { edgeAddress } from './ingress/distribution.ts';
import { visitor } from './ingress/hop.ts';
import { functionOf } from './ingress/http-api.ts';
import { jobsQueueOf } from './queues.ts';
import type { Standing } from './standing.ts';

const run = promisify(execFile);

/** The service listens where its load balancer asks, and the answer is the one it waits for. */
export const demandHealth = async ({ served }: Standing): Promise<void> => {
  if (!served) return;
  const { workload, url } = served;
  expect([...new Set(workload.ports)]).toEqual([Number(workload.variables.PORT)]);
  const health = await fetch(url + workload.health.path);
  expect([workload.health.path, String(health.status)]).toEqual([workload.health.path, workload.health.matcher]);
  const [kind, program = '', ...args] = workload.check ?? ['CMD', 'true'];
  expect(kind).toBe('CMD');
  await run(program, args, { env: { PATH: process.env.PATH, PORT: new URL(url).port } });
};

/** Under the name that people type stands a service that calls itself so. */
export const demandName = async ({ origin }: Standing): Promise<void> => {
  const metadata = await fetch(origin + routes.resourceMetadataForMcp.path);
  expect(await metadata.json()).toMatchObject({
    resource: origin + routes.mcp.path,
    authorization_servers: [origin],
  });
  expect((await fetch(origin + routes.facadeHealth.path)).status).toBe(200);
};

const deployedOf = (packs: readonly string[]): RouteContract[] =>
  Object.values(routesOf(packs)).filter(({ sandboxOnly }) => sandboxOnly !== true);
const nowhere = /There is nothing at this path|^\{"message":"Not Found"\}$/;

/** The API leads to all that it must, and to nothing that the service does not have. */
export const demandRoutes = async ({ stack, served, origin, packs, keyHeaders }: Standing): Promise<void> => {
  const keys = stack.all('aws_apigatewayv2_route').map(([, block]) => String(block.route_key));
  if (keys.length === 0) return;
  // With a distribution and a load balancer, the API is for the facade alone.
  const shared = served !== undefined && stack.all('aws_cloudfront_distribution').length > 0;
  const wanted = deployedOf(packs).filter(({ facade }) => !shared || facade);
  expect(keys.sort()).toEqual(wanted.map(routeKey).sort());
  for (const key of keys) {
    const [method = '', template = ''] = key.split(' ');
    const path = template.replace('{proxy+}', 'jwks').replaceAll(/\{\w+\}/g, '01234567-89ab-4cde-8f01-23456789abcd');
    const answer = await fetch(origin + path, {
      method: method === 'ANY' ? 'GET' : method,
      redirect: 'manual',
      headers: { ...keyHeaders, authorization: `Bearer ${'x'.repeat(40)}` },
    });
    const body = await answer.text();
    expect([key, nowhere.test(body), answer.status < 500]).toEqual([key, false, true]);
  }
};

const Records = z.looseObject({
  records: z.array(z.looseObject({ tool: z.string() })),
});

/** What the service is told of Ana beside her name: of her attributes those that the stack names as facts. */
const factsOf = ({ stack }: Standing): Readonly<Record<string, string | undefined>> => {
  const [pairs] = stack.all('aws_lambda_function').flatMap(([, { environment }]) => {
    const { variables } = z.object({ variables: z.record(z.string(), z.string()) }).parse(environment);
    return variables.CLAIMS === undefined ? [] : [variables.CLAIMS.split(',')];
  });
  const attributes = attributesOf('ana');
  return Object.fromEntries(
    (pairs ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), attributes[pair.slice(pair.indexOf('=') + 1)]]),
  );
};

/** The authorizer lets the service's own tokens pass and no others, and the service believes what it says of them. */
export const demandAuthorizer = async (standing: Standing, token: string): Promise<void> => {
  const { stack, served, origin, functions, keyHeaders } = standing;
  const [authorizer] = stack.all('aws_apigatewayv2_authorizer');
  if (authorizer === undefined) return;
  const ask = (path: string, bearer: string | undefined, body?: object, keys = keyHeaders) =>
    fetch(origin + path, {
      headers: {
        ...keys,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        'content-type': 'application/json',
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
  expect((await ask(routes.listTools.path, undefined)).status).toBe(401);
  expect((await ask(routes.listTools.path, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(403);
  for (const header of Object.keys(keyHeaders)) {
    expect((await ask(routes.listTools.path, token, undefined, {})).status).toBe(403);
    expect((await ask(routes.listTools.path, token, undefined, { [header]: 'x'.repeat(32) })).status).toBe(403);
  }
  // Every pack's people may ask for it.
  const tool = 'list_pending_operations';
  expect((await ask(routes.executeTool.path, token, { tool, params: {} })).status).toBe(200);
  const { records } = Records.parse(await (await ask(routes.auditLogs.path, token)).json());
  // CloudFront is not trusted to name its caller to containers: anybody can have a distribution.
  const address = served && stack.all('aws_cloudfront_distribution').length > 0 ? edgeAddress : visitor;
  expect(records.find((record) => record.tool === tool)).toMatchObject({
    ipAddress: address,
    summary: { gateway: { userId: 'ana', ...factsOf(standing) } },
  });
  const output = functions.get(functionOf(stack, authorizer[1].authorizer_uri))?.output();
  expect(output).toContain('"reason":"token_invalid"');
  expect(output).not.toContain(token);
};

/** A job is done, where a queue carries jobs by it alone: no task then looks into the tables by itself within three minutes. */
export const demandJobs = async ({ stack, aws, functions, kept, leaveJob }: Standing): Promise<void> => {
  const queue = jobsQueueOf(stack, aws);
  await leaveJob();
  try {
    await queue?.tick();
    const isOver = async () => {
      await queue?.deliver(functions);
      return (await kept()).jobsDone > 0 && ((await queue?.left()) ?? 0) === 0;
    };
    for (const end = Date.now() + 20_000; !(await isOver()) && Date.now() < end; ) await sleep(100);
    expect(await queue?.left()).toBe(queue && 0);
    expect((await kept()).jobsDone).toBeGreaterThan(0);
  } finally {
    queue?.close();
  }
};

/** What happened is in the stack's own stores, told in the form that its alarms read, and it ends when it is asked to. */
export const demandTraces = async (standing: Standing): Promise<void> => {
  const { records, shared } = await standing.kept();
  expect(records).toBeGreaterThan(0);
  if (shared !== undefined) expect(shared).toBeGreaterThan(0);
  expect(await standing.end()).toBe(0);
  expect(standing.output()).toContain('"_aws":');
  const faults = standing
    .output()
    .split('\n')
    .filter((line) => /^\{"level":"(error|fatal)"/.test(line));
  expect(faults).toEqual([]);
};
