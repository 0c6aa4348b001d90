/** Many at once: approvals of changes to the same resources, answers to one operation, rollbacks of one operation. */
import type { DemoPerson } from '../../rigs/person.ts';
import type { Asked } from '../truth.ts';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

const known = (asked: readonly (Asked | undefined)[]): Asked[] => asked.filter((one) => one !== undefined);

/** Different changes to the same resources, all approved in the same moment. */
const overlapping = async (world: World): Promise<void> => {
  const { people } = world;
  const arns = world.arns(3);
  const asked: (Asked | undefined)[] = [];
  for (const by of ['ana', 'max', 'ana', 'max', 'ana'] as const) asked.push(await people.ask(by, arns));
  const looked = [];
  for (const [place, one] of known(asked).entries()) {
    const name: DemoPerson = place % 2 === 0 ? 'ben' : 'ada';
    looked.push({ name, one, page: await people.look(name, one.operationId) });
  }
  await Promise.all(looked.map(({ name, one, page }) => people.press(name, page, one.operationId, 'approve')));
};

/** Yes and no to one operation, by two people, many times in the same moment. */
const yesAndNo = async (world: World): Promise<void> => {
  const { people } = world;
  const asked = await people.ask('ana', world.arns(2));
  if (asked === undefined) return;
  const { operationId } = asked;
  const [ben, ada] = [await people.look('ben', operationId), await people.look('ada', operationId)];
  await Promise.all(
    Array.from({ length: 12 }, (_, place) =>
      place % 2 === 0
        ? people.press('ben', ben, operationId, 'approve')
        : people.press('ada', ada, operationId, 'deny'),
    ),
  );
};

/** One operation taken back six times at once, and all of it approved at once. */
const rollbacks = async (world: World): Promise<void> => {
  const { people } = world;
  const asked = await people.ask('ana', world.arns(3));
  if (asked === undefined) return;
  await people.decide('ben', asked, 'approve');
  await world.quiet();
  const people6 = ['ana', 'max', 'ada', 'ana', 'max', 'ada'] as const;
  const backs = known(await Promise.all(people6.map((name) => people.rollBack(name, asked))));
  const distinct = [...new Map(backs.map((back) => [back.operationId, back])).values()];
  const looked = [];
  for (const back of distinct) looked.push({ back, page: await people.look('ben', back.operationId) });
  await Promise.all(looked.map(({ back, page }) => people.press('ben', page, back.operationId, 'approve')));
  await world.quiet();
  // What was taken back is taken back again: the first change holds once more, and once only.
  const [done] = distinct;
  const again = done && (await people.rollBack('max', done));
  if (again) await people.decide('ben', again, 'approve');
};

export const crowd: Attack = {
  name: 'parallel approvals and rollbacks',
  run: async (world, rounds) => {
    for (let place = 0; place < rounds; place += 1)
      for (const attack of [overlapping, yesAndNo, rollbacks]) await attack(world);
  },
};
