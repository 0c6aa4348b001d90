import { once } from 'node:events';
import { connect } from 'node:net';
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
