/**
 * One truth: what an environment is synthesized to is what the service runs on. Variables, secrets, tables, routes and
 * names are read from the Terraform JSON and from nowhere else; one-truth/overrides.ts lists what differs, and why.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { routeKey } from '../../contracts/gateway.ts';
import { type RouteContract, routes } from '../../contracts/routes.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { type Estate, seedEstate } from './one-truth/estate.ts';
import { functionOf } from './one-truth/ingress/http-api.ts';
import { type Standing, standUp } from './one-truth/standing.ts';
import { read, type Told, tell } from './one-truth/story.ts';
import { ownEnvironments, synthesizedJson } from './one-truth/synthesized.ts';
import { openWorld, type World } from './one-truth/world.ts';

const run = promisify(execFile);

/** How much of the story each environment is told. Every store and every way in hears all of it. */
const stories: Readonly<Record<string, typeof tell>> = {
  dev: tell,
  staging: tell,
  prod: read,
  'examples/startup/prod': tell,
  'examples/startup/staging': read,
  'examples/tag-governance/prod': read,
};

const routeContracts = Object.values<RouteContract>(routes).filter(({ sandboxOnly }) => sandboxOnly !== true);
const facade = routeContracts.filter((route) => route.facade).map(routeKey);

/** A path of the route, with something in place of its parameters. */
const pathOf = (key: string): { method: string; path: string } => {
  const [method = '', path = ''] = key.split(' ');
  return {
    method: method === 'ANY' ? 'GET' : method,
    path: path.replace('{proxy+}', 'jwks').replaceAll(/\{\w+\}/g, '01234567-89ab-4cde-8f01-23456789abcd'),
  };
};

const programs = ['moto_server', 'initdb', 'postgres', 'redis-server'] as const;
await describeWith(programs, 'one truth', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 120_000);
  afterAll(() => world?.stop());

  it('is tried for every environment that runs the service', async () => {
    expect(Object.keys(stories).sort()).toEqual((await ownEnvironments()).sort());
  });

  describe.each(Object.entries(stories))('%s', (name, story) => {
    let standing: Standing;
    let estate: Estate;
    let told: Told;
    beforeAll(async () => {
      standing = await standUp(await synthesizedJson(name), world);
      estate = await seedEstate(standing.aws);
    }, 120_000);
    afterAll(() => standing?.stop());

    const routeKeys = () => standing.stack.all('aws_apigatewayv2_route').map(([, block]) => String(block.route_key));
    const ask = (path: string, init: RequestInit = {}) => fetch(`${standing.origin}${path}`, init);

    it('runs the service, healthy on the port its load balancer asks', async () => {
      if (!standing.served) return;
      const { workload, url } = standing.served;
      const { PORT } = workload.variables;
      expect([...new Set(workload.ports)]).toEqual([Number(PORT)]);
      const health = await fetch(url + workload.health.path);
      expect(String(health.status)).toBe(workload.health.matcher);
      const [kind, program = '', ...args] = workload.check ?? ['CMD', 'true'];
      expect(kind).toBe('CMD');
      await run(program, args, { env: { PATH: process.env.PATH, PORT: new URL(url).port } });
    });

    it('answers its people and clients under the name they type', async () => {
      const metadata = await ask(routes.resourceMetadataForMcp.path);
      expect(await metadata.json()).toMatchObject({
        resource: standing.origin + routes.mcp.path,
        authorization_servers: [standing.origin],
      });
      expect((await ask(routes.facadeHealth.path)).status).toBe(200);
    });

    it('has no route in its API that the service lacks, and none of the contract’s is missing', async () => {
      const keys = routeKeys();
      if (keys.length === 0) return;
      expect(keys).toEqual(expect.arrayContaining(facade));
      // Without a load balancer of the edge's beside it, the API is all there is.
      const alone = standing.stack.all('aws_cloudfront_distribution').length === 0 || !standing.served;
      expect(keys.sort()).toEqual(alone ? routeContracts.map(routeKey).sort() : facade.sort());
      for (const key of keys) {
        const { method, path } = pathOf(key);
        const answer = await ask(path, {
          method,
          redirect: 'manual',
          headers: { authorization: `Bearer ${'x'.repeat(40)}` },
        });
        const body = await answer.text();
        expect({ key, body }).not.toMatchObject({ body: expect.stringContaining('There is nothing at this path') });
        expect({ key, body }).not.toMatchObject({ body: '{"message":"Not Found"}' });
        expect(answer.status).toBeLessThan(500);
      }
    }, 60_000);

    it('hears the story', async () => {
      told = await story(standing.origin, estate);
    }, 90_000);

    it('lets its own tokens past its authorizer, and no others', async () => {
      const [authorizer] = standing.stack.all('aws_apigatewayv2_authorizer');
      if (authorizer === undefined) return;
      const list = (token: string) => ask(routes.listTools.path, { headers: { authorization: `Bearer ${token}` } });
      expect((await list(told.token)).status).toBe(200);
      expect((await ask(routes.listTools.path)).status).toBe(401);
      expect((await list(`${told.token.slice(0, -8)}AAAAAAAA`)).status).toBe(403);
      const output = standing.functions.get(functionOf(standing.stack, authorizer[1].authorizer_uri))?.output();
      expect(output).toContain('"reason":"token_invalid"');
      expect(output).not.toContain(told.token);
    });

    it('writes no fault', () => {
      const faults = standing
        .output()
        .split('\n')
        .filter((line) => /^\{"level":"(error|fatal)"/.test(line));
      expect(faults).toEqual([]);
    });
  });
});
