/** A client and people who try every answer they may not give. */
import type { Asked } from '../truth.ts';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

const ask = async (world: World, by: 'ana' | 'max'): Promise<Asked> => {
  const asked = await world.people.ask(by, world.arns(2));
  if (asked === undefined) throw new Error('nothing was planned');
  return asked;
};

/** Answers one operation with the form of another: its proof of a session is good, its hash is not. */
const swapForms = async (world: World): Promise<void> => {
  const { people } = world;
  const [one, other] = [await ask(world, 'ana'), await ask(world, 'ana')];
  const page = await people.look('ben', one.operationId);
  const swapped = { ...page, body: page.body.replaceAll(one.operationId, other.operationId) };
  await people.press('ben', swapped, other.operationId, 'approve', false);
};

/** Somebody who may not decide takes the form from an operation that they may decide. */
const borrowForm = async (world: World): Promise<void> => {
  const { people } = world;
  const [own, foreign] = [await ask(world, 'max'), await ask(world, 'ana')];
  const page = await people.look('max', foreign.operationId);
  const seen = await people.look('max', own.operationId);
  const hash = /name="approval_hash" value="([^"]*)"/;
  const shown = (await people.look('ben', own.operationId)).body.match(hash)?.[1] ?? '';
  const body = page.body
    .replaceAll(foreign.operationId, own.operationId)
    .replace(hash, `name="approval_hash" value="${shown}"`);
  await people.press('max', { ...seen, body }, own.operationId, 'approve', false);
  await people.press('max', { ...seen, body }, own.operationId, 'confirm', false);
};

/** Presses the same button again, and again after it was carried out. */
const replay = async (world: World): Promise<void> => {
  const { people } = world;
  const asked = await ask(world, 'ana');
  const page = await people.look('ben', asked.operationId);
  await people.press('ben', page, asked.operationId, 'approve');
  await people.press('ben', page, asked.operationId, 'approve', false);
  await world.quiet();
  await people.press('ben', page, asked.operationId, 'approve', false);
  await people.press('ben', page, asked.operationId, 'deny', false);
};

/** Uses a key twice, for different arguments and in parallel. */
const reuseKey = async (world: World): Promise<void> => {
  const { people } = world;
  const idempotency_key = `key-${world.truth.nextOwner()}`;
  const arns = world.arns(2);
  const all = await people.askTogether('ana', arns, 4, { idempotency_key });
  await people.ask('ana', world.arns(2), { idempotency_key });
  const [first] = all;
  if (first) await people.decide('ben', first, 'approve');
};

/** A change under the plan between looking and answering. */
const moveBetween = async (world: World): Promise<void> => {
  const { people, cloud } = world;
  const asked = await ask(world, 'ana');
  const page = await people.look('ben', asked.operationId);
  await cloud.retag(asked.arns[0] ?? '', { Owner: 'somebody-else@example.com' });
  await people.press('ben', page, asked.operationId, 'approve');
  await world.quiet();
  // The plan is another one now, and nobody looked at that.
  await people.press('ben', page, asked.operationId, 'approve', false);
};

export const hostileClient: Attack = {
  name: 'a hostile client',
  run: async (world, rounds) => {
    for (let place = 0; place < rounds; place += 1)
      for (const attack of [swapForms, borrowForm, replay, reuseKey, moveBetween]) await attack(world);
  },
};
