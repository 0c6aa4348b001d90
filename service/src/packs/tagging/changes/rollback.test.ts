/** Taking back what gave 499 resources of different values the same one: undoing is as quick as doing, and says what it takes. */
import { openOnePack } from '../../../../test/rigs/one-pack.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import type { Tags } from '../estate/estate.ts';
import type { SandboxResource } from '../sandbox/generate.ts';
import { createResources, resourceRowOf } from '../sandbox/resources.ts';

const [accountId, regions] = ['123456789012', ['us-east-1', 'us-west-2', 'eu-west-1']];
/** Every tenth has no owner. */
const tagsOf = (nth: number): Tags => (nth % 10 === 0 ? { Team: 'x' } : { Team: 'x', Owner: `was-${nth}@example.com` });
const instances = Array.from({ length: 499 }, (_, nth): SandboxResource => {
  const [region = '', id] = [regions[nth % 3], `i-${String(nth).padStart(17, '0')}`];
  const arn = `arn:aws:ec2:${region}:${accountId}:instance/${id}`;
  const type = 'ec2:instance' as const;
  return {
    ...{ arn, type, accountId, region, id, tags: tagsOf(nth) },
    state: 'running',
    createdAt: '2026-03-01T10:00:00.000Z',
    monthlyUsd: 1,
  };
});

it('a rollback of 499 different values says how many calls it takes, is agreed to at once, and brings each value back', async () => {
  const tables = openMemoryTables();
  const { ask, approve, revert, countersign, find, close } = await openOnePack('tagging', {}, [], undefined, tables);
  for (const each of instances) await tables.put('sandbox-resources', resourceRowOf(each));
  const ownerNow = async ({ arn }: SandboxResource) => (await createResources(tables).find(arn))?.tags;

  const tags = { Owner: 'platform@example.com' };
  const asked = await ask('bulk_tag_resources', { resource_arns: instances.map(({ arn }) => arn), tags });
  const done = await approve(asked);
  expect(done.result).toMatchObject({ applied: 499, failed: 0 });

  const back = await revert(done);
  // A call for each of 449 values, and a removal in each region for those of its 50 that had none.
  expect(back.plan.cost.apiCalls).toBe(449 + regions.length);
  expect(['approved', 'applying']).toContain((await countersign(back)).status);
  expect((await find(back.operationId)).result).toBeUndefined();
  for (let looks = 0; (await find(back.operationId)).status !== 'applied' && looks < 1000; looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await find(back.operationId)).result).toMatchObject({ applied: 499, failed: 0, skipped: 0 });
  expect(await Promise.all(instances.map(ownerNow))).toEqual(instances.map(({ tags: before }) => before));
  await close();
});
