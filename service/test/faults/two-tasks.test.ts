/** Two real processes on one store, behind a load balancer: whatever both are told at once happens once. */
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { type Balancer, startBalancer } from '../rigs/balancer.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith, type Program } from '../servers/programs.ts';
import { startProxy } from '../servers/proxy.ts';
import { untagged } from './scene.ts';
import { verifyAudit } from './verify-audit.ts';
import { connect } from './watched.ts';
import { at, Caller } from './wire.ts';

interface Store {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const onPostgres = async (): Promise<Store> => {
  const { url, stop } = await startPostgres();
  return { environment: { STORE: 'postgres', DATABASE_URL: url }, stop };
};

const onDynamo = async (): Promise<Store> => {
  const moto = await startMoto();
  // One request at a time: moto does not isolate transactions from each other, as DynamoDB does.
  const proxy = await startProxy(moto.url);
  const region = 'us-east-1';
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(process.env, credentials);
  await createDynamoTables({ prefix: 'countersign-', region, endpoint: moto.url });
  return {
    environment: { STORE: 'dynamodb', AWS_REGION: region, DYNAMODB_ENDPOINT: proxy.url, ...credentials },
    stop: async () => {
      await proxy.stop();
      await moto.stop();
    },
  };
};

const key = { ENCRYPTION_KEY: 'one key for both tasks, as long as it has to be' };

const describeTasks = (name: string, programs: readonly Program[], open: () => Promise<Store>) =>
  describeWith(programs, `Two tasks on ${name}`, () => {
    let store: Store;
    let balancer: Balancer;
    let tasks: SpawnedService[];
    let tokens: { ana: string; ben: string; ada: string };

    beforeAll(async () => {
      [store, balancer] = await Promise.all([open(), startBalancer()]);
      const environment = { ...store.environment, ...key, PUBLIC_URL: balancer.url };
      // Both at once, over an empty store: they take turns at its schema, agree on a key and fill the sandbox once.
      tasks = await Promise.all([spawnService({ environment }), spawnService({ environment })]);
      balancer.tasks.push(...tasks.map(({ url }) => url));
      const tokenOf = async (person: 'ana' | 'ben' | 'ada', scope: string) =>
        (await connect(balancer.url, person, scope)).tokens.access_token;
      tokens = {
        ana: await tokenOf('ana', 'tag:write'),
        ben: await tokenOf('ben', 'tag:approve'),
        ada: await tokenOf('ada', 'admin'),
      };
    });
    afterAll(async () => {
      await Promise.all(tasks?.map((task) => task.stop()) ?? []);
      await balancer?.stop();
      await store?.stop();
    });

    const asked = async (arns: readonly string[], owner: string, more: object = {}) => {
      const args = { resource_arns: arns, tags: { Owner: owner }, ...more };
      const answer = await new Caller(balancer.url, tokens.ana).tool('bulk_tag_resources', args);
      return String(at(answer.json, 'result', 'structuredContent', 'request_id'));
    };
    const on = (task: number, token: string) => new Caller(tasks[task]?.url ?? '', token);
    const recordsOf = async (operationId: string): Promise<string[]> => {
      const answer = await new Caller(balancer.url, tokens.ada).tool('get_audit_log', { operation_id: operationId });
      const records = at(answer.json, 'result', 'structuredContent', 'records');
      return (Array.isArray(records) ? records : []).map((record) => `${at(record, 'action')} ${at(record, 'result')}`);
    };

    it('know the same people, clients, keys and resources', async () => {
      for (const task of [0, 1]) {
        const answer = await on(task, tokens.ana).execute('check_tag_compliance', {});
        expect(at(answer.json, 'result', 'total_resources')).toBeGreaterThan(400);
      }
    });

    it('apply once what two approvers approve at once', async () => {
      for (const [round, arn] of untagged.slice(0, 6).entries()) {
        const operationId = await asked([arn, untagged[10 + round] ?? ''], `round-${round}@example.com`);
        const decision = await on(0, tokens.ben).approval(operationId);
        const { approval_hash } = decision;
        const answers = await Promise.all([
          on(0, tokens.ben).tool('approve_bulk_tagging_request', decision),
          on(1, tokens.ada).tool('approve_bulk_tagging_request', decision),
          on(1, tokens.ben).rest('POST', '/mcp/confirm-operation', {
            operation_id: operationId,
            action: 'approve',
            approval_hash,
          }),
        ]);
        const done = answers.filter(({ text }) => /"status":"(executed|applied)"/.test(text));
        expect(done).toHaveLength(1);
        const operation = await on(round % 2, tokens.ana).execute('get_operation', { operation_id: operationId });
        expect(at(operation.json, 'result')).toMatchObject({ status: 'applied', result: { applied: 2, failed: 0 } });
        expect(at(operation.json, 'result', 'approvals', 'length')).toBe(1);
        const records = await recordsOf(operationId);
        expect(records.filter((record) => record.startsWith('write'))).toEqual(['write success', 'write started']);
      }
    });

    it('deny or apply, never both, what is denied and approved at once', async () => {
      const operationId = await asked([untagged[20] ?? ''], 'both@example.com');
      const decision = await on(0, tokens.ben).approval(operationId);
      await Promise.all([
        on(0, tokens.ben).tool('approve_bulk_tagging_request', decision),
        on(1, tokens.ada).tool('approve_bulk_tagging_request', {
          request_id: operationId,
          action: 'deny',
          comment: 'no',
        }),
      ]);
      const operation = await on(0, tokens.ana).execute('get_operation', { operation_id: operationId });
      const written = (await recordsOf(operationId)).includes('write success');
      expect(at(operation.json, 'result', 'status')).toBe(written ? 'applied' : 'denied');
    });

    it('keep one operation of a request that was sent to both', async () => {
      const more = { idempotency_key: 'the same for both' };
      const ids = await Promise.all([1, 2, 3, 4].map(() => asked([untagged[21] ?? ''], 'once@example.com', more)));
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^op_/);
    });

    it('sign out everywhere a client whose tokens are revoked at one of them', async () => {
      const { caller, oauth, tokens: own } = await connect(balancer.url, 'vera');
      const elsewhere = on(1, own.access_token);
      expect((await caller.rest('GET', '/mcp/tools/list')).status).toBe(200);
      expect((await oauth.revoke(own.access_token)).status).toBe(200);
      expect((await elsewhere.rest('GET', '/mcp/tools/list')).status).toBe(401);
    });

    it('leave an audit log that is whole', async () => {
      const environment = { ...store.environment, ...key, PUBLIC_URL: balancer.url };
      expect(await verifyAudit(environment)).toMatch(/^\d+ records in \d+ chains are whole\.\n$/);
    });
  });

await describeTasks('PostgreSQL', ['initdb', 'postgres'], onPostgres);
await describeTasks('DynamoDB', ['moto_server'], onDynamo);
