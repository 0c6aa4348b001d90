/** The same story behind a load balancer without stickiness: two tasks, one store, and any of them serves any request. */
import { randomBytes } from 'node:crypto';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { ask, complianceNow, Detail, Requested, stepsOf } from '../rigs/answers.ts';
import { type Balancer, startBalancer } from '../rigs/balancer.ts';
import { textOn } from '../rigs/browser.ts';
import { FirstAgent, ModernAgent } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { ownerless, walk } from '../rigs/spine.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith, type Program } from '../servers/programs.ts';
import { startProxy } from '../servers/proxy.ts';
import { startRedis } from '../servers/redis.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

interface Stores {
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: readonly Pick<TestServer, 'stop'>[];
}

const engines: [string, Program[], () => Promise<Stores>][] = [
  [
    'PostgreSQL and Redis',
    ['postgres', 'initdb', 'redis-server'],
    async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      const environment = { STORE: 'postgres', DATABASE_URL: postgres.url, REDIS_URL: redis.url };
      return { environment, servers: [postgres, redis] };
    },
  ],
  [
    'DynamoDB and Redis',
    ['moto_server', 'redis-server'],
    async () => {
      const [moto, redis] = await Promise.all([startMoto(), startRedis()]);
      await createDynamoTables({ prefix: 'countersign-', region: 'us-east-1', endpoint: moto.url });
      const proxy = await startProxy(moto.url);
      const environment = {
        STORE: 'dynamodb',
        AWS_REGION: 'us-east-1',
        DYNAMODB_ENDPOINT: proxy.url,
        REDIS_URL: redis.url,
      };
      return { environment, servers: [proxy, moto, redis] };
    },
  ],
];

for (const [name, programs, openStores] of engines)
  await describeWith(programs, `two tasks on ${name}`, () => {
    let stores: Stores;
    let balancer: Balancer;
    const tasks: ServiceRig[] = [];
    const ben = new Person('ben');

    beforeAll(async () => {
      [stores, balancer] = await Promise.all([openStores(), startBalancer()]);
      const environment = { ...stores.environment, ENCRYPTION_KEY: randomBytes(48).toString('base64') };
      const task = () => startService({ environment, publicUrl: balancer.url });
      tasks.push(...(await Promise.all([task(), task()])));
      balancer.tasks.push(...tasks.map(({ url }) => url));
    }, 120_000);
    afterAll(async () => {
      await balancer.stop();
      for (const task of tasks) await task.stop();
      for (const server of stores.servers) await server.stop();
      expect(tasks.flatMap((task) => task.faults())).toEqual([]);
    });

    it('start together on an empty store, and fill it once', async () => {
      const keys = await Promise.all(tasks.map(async ({ url }) => (await fetch(`${url}/oauth/jwks`)).json()));
      expect(keys[0]).toEqual(keys[1]);
      const agent = await ModernAgent.connect(balancer.url, new Person('vera'));
      expect((await complianceNow(agent)).total_resources).toBe(450);
      await agent.close();
    });

    it('sign people in, step up, countersign, apply and revert', async () => {
      const agent = await ModernAgent.connect(balancer.url, new Person('ana'));
      const { applied } = await walk({ agent, countersign: (_id, approvalUrl) => ben.answer(approvalUrl, 'approve') });
      const records = await stepsOf(agent, applied);
      expect(records.toReversed().map(({ userId, action, result }) => `${userId} ${action} ${result}`)).toEqual([
        'ana plan success',
        'ben approve success',
        'ana write started',
        'ana write success',
      ]);
      const shares = Object.values(balancer.served);
      expect(shares).toHaveLength(2);
      expect(Math.min(...shares)).toBeGreaterThan(10);
      await agent.close();
    });

    it('also for a client of the first SDK, whose refresh another task refuses', async () => {
      const agent = await FirstAgent.connect(balancer.url, new Person('ana'));
      await walk({ agent, countersign: (_id, approvalUrl) => ben.answer(approvalUrl, 'approve') });
      await agent.close();
    });

    it('apply once what is approved twice at the same moment', async () => {
      const agent = await ModernAgent.connect(balancer.url, new Person('ana'));
      const args = { resource_arns: await ownerless(agent, 2), tags: { Owner: 'platform@example.com' } };
      const request = await ask(agent, Requested, 'bulk_tag_resources', args);
      const approvers = [new Person('ben'), new Person('max')];
      const pages = await Promise.all(approvers.map((approver) => approver.open(request.approval_url)));
      const answers = await Promise.all(
        approvers.map(async (approver, at) => {
          const page = pages[at];
          if (page === undefined) return undefined;
          const sent = await approver.browser.submit(page, { decision: 'approve', comment: '' });
          return textOn(await approver.followed(sent));
        }),
      );
      expect(
        answers.filter((text) => text?.includes('You approved this. 2 of 2 resources were changed.')),
      ).toHaveLength(1);
      const operation = { operation_id: request.request_id };
      const { approvals, status } = await ask(agent, Detail, 'get_operation', operation);
      expect([status, approvals.length]).toEqual(['applied', 1]);
      const records = await stepsOf(agent, operation.operation_id);
      expect(records.filter(({ action, result }) => action === 'write' && result === 'success')).toHaveLength(1);
      await agent.close();
    });

    it('go on when one of them is replaced', async () => {
      const agent = await ModernAgent.connect(balancer.url, new Person('ana'));
      const args = { resource_arns: await ownerless(agent, 1), tags: { Owner: 'late@example.com' } };
      const { request_id, approval_url } = await ask(agent, Requested, 'bulk_tag_resources', args);
      await tasks[0]?.restart();
      await ben.answer(approval_url, 'approve');
      for (let time = 0; time < 2; time++)
        expect(await ask(agent, Detail, 'get_operation', { operation_id: request_id })).toMatchObject({
          status: 'applied',
        });
      await agent.close();
    });
  });
