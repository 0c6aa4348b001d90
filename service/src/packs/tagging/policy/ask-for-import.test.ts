import { contextFor, heldPolicy, startPack } from '../../../../test/estate/pack.ts';
import type { Operation } from '../../../operations/operation.ts';
import { withScanner } from '../index.ts';
import { askForImport, isAsked } from './ask-for-import.ts';
import { loadPolicy } from './policy.ts';

const policyOf = (name: string) =>
  loadPolicy({ version: '1', last_updated: '2026-11-20', required_tags: [{ name }] }, 'organizations');

it('the same content under another name is a request of its own: its arguments are others', async () => {
  const { parts } = await startPack({ services: { policy: heldPolicy(policyOf('Owner')) } });
  const keys: (string | undefined)[] = [];
  const pack = {
    ...withScanner(parts),
    requestPolicyChange: async ({ idempotencyKey }: { readonly idempotencyKey?: string | undefined }) => {
      keys.push(idempotencyKey);
      return { operationId: 'op_1', status: 'awaiting-countersign' } as Operation;
    },
  };
  for (const id of ['effective', 'p-examplepolicy1', 'effective'])
    await askForImport(pack, id, policyOf('Team'), isAsked, contextFor());
  const [first, second, third] = keys;
  expect([first === second, first === third]).toEqual([false, true]);
});
