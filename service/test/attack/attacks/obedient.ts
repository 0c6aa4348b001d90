/** An agent that does whatever it is asked to do: also countersign, without a person. */
import { at, type Caller } from '../../faults/wire.ts';
import { resultOf } from '../people.ts';
import type { Asked, Truth } from '../truth.ts';
import type { World } from '../world.ts';
import type { Attack } from './attack.ts';

/** Every way an agent has of saying yes for its person. None of them is a person's. */
const sayYes = async (truth: Truth, agent: Caller, by: string, { operationId }: Asked): Promise<void> => {
  const read = resultOf(await agent.tool('get_operation', { operation_id: operationId }));
  const approval_hash = at(read, 'approval_hash');
  truth.answering(operationId, by, 'approve', false);
  for (const hash of [{}, { approval_hash }, { approval_hash: 'f'.repeat(64) }]) {
    await agent.tool('approve_bulk_tagging_request', { request_id: operationId, action: 'approve', ...hash });
    await agent.tool('confirm_operation', { operation_id: operationId, ...hash });
    for (const action of ['approve', 'confirm'])
      await agent.rest('POST', '/mcp/confirm-operation', { operation_id: operationId, action, ...hash });
  }
};

const round = async (world: World, arns: readonly string[], place: number): Promise<void> => {
  const { people, truth } = world;
  const asked = await people.ask('ana', arns, place % 2 === 0 ? {} : { approval_required: false });
  if (asked === undefined) return;
  await sayYes(truth, await people.agent('ana'), 'ana', asked);
  await sayYes(truth, await people.agent('ben'), 'ben', asked);
  if (place % 3 === 2) return void (await people.decide('ben', asked, 'deny'));
  await people.decide('ben', asked, 'approve');
  if (place % 3 === 1) return;
  await world.quiet();
  const back = await people.rollBack('ana', asked);
  if (back === undefined) return;
  await sayYes(truth, await people.agent('ana'), 'ana', back);
  await people.decide('ada', back, 'approve');
};

export const obedientAgent: Attack = {
  name: 'an obedient agent',
  run: async (world, rounds) => {
    for (let place = 0; place < 3 * rounds; place += 1) await round(world, world.arns(2), place);
  },
};
