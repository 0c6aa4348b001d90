/** kill -9 of every task at a moment nobody chose, while changes are asked for, approved, applied and taken back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

const busy = async (world: World): Promise<void> => {
  const { people } = world;
  const asked = await people.ask('ana', world.arns(4));
  if (asked === undefined) return;
  const answer = await people.decide('ben', asked, 'approve');
  if (!answer?.taken) return;
  const back = await people.rollBack('max', asked);
  if (back) await people.decide('ben', back, 'approve');
};

export const killed: Attack = {
  name: 'kill -9',
  run: async (world, rounds) => {
    for (let place = 0; place < 2 * rounds; place += 1) {
      // Signed in before it begins: signing in is not what is interrupted here.
      for (const name of ['ana', 'ben', 'max'] as const) await world.people.agent(name);
      world.cloud.slow(40);
      const work = Promise.allSettled([busy(world), busy(world)]);
      await sleep(50 + Math.random() * 900);
      await world.crash();
      await work;
    }
    world.cloud.slow(0);
  },
};
