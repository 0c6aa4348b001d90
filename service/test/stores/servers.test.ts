import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { startAlertmanager } from '../servers/alertmanager.ts';
import { startDynalite } from '../servers/dynalite.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith, type Program } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import type { TestServer } from '../servers/server.ts';

const reachable = async (url: string): Promise<boolean> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/** Tells nobody. */
const quiet = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };

const starters: [string, Program[], () => Promise<TestServer>][] = [
  ['postgres', ['initdb', 'postgres'], startPostgres],
  ['redis', ['redis-server'], startRedis],
  ['dynalite', [], startDynalite],
  ['moto', ['moto_server'], startMoto],
  ['alertmanager', ['prometheus-alertmanager'], () => startAlertmanager(quiet)],
];

for (const [name, programs, start] of starters) {
  await describeWith(programs, `the ${name} starter`, () => {
    it('answers when started and resumed, and not when halted or stopped', async () => {
      const server = await start();
      const seen = [await reachable(server.url)];
      await server.halt();
      seen.push(await reachable(server.url));
      await server.resume();
      seen.push(await reachable(server.url));
      await server.stop();
      seen.push(await reachable(server.url));
      expect(seen).toEqual([true, false, true, false]);
    });
  });
}

await describeWith(['moto_server'], 'stand-ins for AWS', () => {
  it('share neither what they hold nor the ids they give, although they are forks of one process', async () => {
    const servers = await Promise.all([startMoto(), startMoto(), startMoto()]);
    const made: string[] = [];
    for (const { url } of servers) {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const ec2 = new EC2Client({ endpoint: url, region: 'us-east-1', credentials });
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
      made.push(Vpc?.VpcId ?? '');
      const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
      expect(Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ VpcId }) => VpcId)).toEqual(made.slice(-1));
      ec2.destroy();
    }
    await Promise.all(servers.map((server) => server.stop()));
    expect(new Set(made).size).toBe(3);
  });

  it('keep a connection from request to request, whatever became of the request before', async () => {
    const server = await startMoto();
    const authorization = 'AWS4-HMAC-SHA256 Credential=test/20261130/us-east-1/s3/aws4_request, Signature=any';
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string, method: string, body = '') => {
      const asked = request(new URL(path, server.url), { agent, method, headers: { authorization } });
      // In chunks, because the length is not known yet.
      if (body !== '') asked.write(body.slice(0, 1));
      asked.end(body.slice(1));
      const [answered] = (await once(asked, 'response')) as [IncomingMessage];
      const told = await text(answered);
      return { reused: asked.reusedSocket, status: answered.statusCode, told };
    };
    expect(await ask('/bucket', 'PUT')).toMatchObject({ reused: false, status: 200 });
    // Nobody reads this body.
    expect(await ask('/moto-api/nothing', 'POST', 'x'.repeat(100_000))).toMatchObject({ reused: true, status: 404 });
    expect(await ask('/bucket/key', 'PUT', 'kept')).toMatchObject({ reused: true, status: 200 });
    expect(await ask('/bucket/key', 'HEAD')).toMatchObject({ reused: true, status: 200, told: '' });
    expect(await ask('/bucket/key', 'DELETE')).toMatchObject({ reused: true, status: 204 });
    expect(await ask('/bucket/key', 'GET')).toMatchObject({ reused: true, status: 404 });
    agent.destroy();
    await server.stop();
  });

  it('go back to what was there where a transaction fails in the middle', async () => {
    const server = await startMoto();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const dynamo = new DynamoDBClient({ endpoint: server.url, region: 'us-east-1', credentials });
    const TableName = 'counts';
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: ['of', 'at'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'of', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const keyOf = (at: string) => ({ of: { S: 'a' }, at: { S: at } });
    await dynamo.send(new PutItemCommand({ TableName, Item: { ...keyOf('1'), n: { N: '1' } } }));
    const raise = {
      TableName,
      Key: keyOf('1'),
      UpdateExpression: 'SET n = n + :more',
      ExpressionAttributeValues: { ':more': { N: '1' } },
    };
    const add = { Put: { TableName, Item: keyOf('2') } };
    const never = { ConditionCheck: { TableName, Key: keyOf('3'), ConditionExpression: 'attribute_exists(n)' } };
    const transact = (...others: readonly TransactWriteItem[]) =>
      dynamo.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: raise }, ...others] }));
    const held = async () => (await dynamo.send(new ScanCommand({ TableName }))).Items;

    await expect(transact(add, never)).rejects.toThrow('ConditionalCheckFailed');
    expect(await held()).toEqual([{ ...keyOf('1'), n: { N: '1' } }]);
    await transact(add);
    expect(await held()).toEqual([{ ...keyOf('1'), n: { N: '2' } }, keyOf('2')]);
    dynamo.destroy();
    await server.stop();
  });
});
