/** A process that is stopped in the middle, as a suspended machine or container is, and goes on later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

const STOPPED_MS = 2_000;

const round = async (world: World): Promise<void> => {
  const { people, cloud, tasks } = world;
  const asked = await people.ask('ana', world.arns(4));
  if (asked === undefined) return;
  const page = await people.look('ben', asked.operationId);
  cloud.slow(150);
  const writing = cloud.written();
  const pressed = people.press('ben', page, asked.operationId, 'approve');
  await Promise.race([writing, sleep(5_000)]);
  const [first, ...others] = tasks;
  first?.freeze();
  const other = others[0];
  if (other) {
    // Past the balancer, which would send every second request to the stopped one.
    const agent = await people.known('ben', other.url);
    await agent?.tool('get_operation', { operation_id: asked.operationId });
    await sleep(STOPPED_MS);
  } else if (await world.intrude(STOPPED_MS))
    world.truth.broken.push('a second process served the folder of a stopped one');
  first?.thaw();
  await pressed;
  cloud.slow(0);
  await world.quiet();
};

export const stoppedProcess: Attack = {
  name: 'a stopped process',
  run: async (world, rounds) => {
    for (let place = 0; place < rounds; place += 1) await round(world);
  },
};
