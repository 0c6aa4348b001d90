import { once } from 'node:events';
import { connect } from 'node:net';
import { CreateVpcCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
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

const starters: [string, Program[], () => Promise<TestServer>][] = [
  ['postgres', ['initdb', 'postgres'], startPostgres],
  ['redis', ['redis-server'], startRedis],
  ['dynalite', [], startDynalite],
  ['moto', ['moto_server'], startMoto],
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
});
