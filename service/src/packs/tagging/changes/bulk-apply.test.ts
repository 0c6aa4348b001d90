import { setTimeout as sleep } from 'node:timers/promises';
import { contextFor } from '../../../../test/estate/pack.ts';
import { CountersignError } from '../../../errors.ts';
import type { ResourceChange } from '../../../operations/plan.ts';
import type { WriteOutcome } from '../estate/estate.ts';
import { applyBulk } from './bulk-apply.ts';
import { editOf, editsOf, writeCalls } from './bulk-edit.ts';
import { costOf } from './bulk-plan.ts';

const arnOf = (index: number, region = 'us-east-1') => `arn:aws:ec2:${region}:111111111111:instance/i-${index}`;
const change = (index: number, before: string | null, after: string | null, region?: string): ResourceChange => ({
  resourceId: arnOf(index, region),
  label: `i-${index}`,
  kind: 'ec2:instance',
  accountId: '111111111111',
  region: region ?? 'us-east-1',
  before: { Owner: before },
  after: { Owner: after },
});

/** An estate that takes its time, and counts what it is asked. */
const slowEstate = (write: (arns: readonly string[]) => WriteOutcome[]) => {
  const seen = { calls: 0, together: 0, most: 0, forgotten: 0 };
  const answer = async (arns: readonly string[]) => {
    seen.calls += 1;
    seen.together += 1;
    seen.most = Math.max(seen.most, seen.together);
    await sleep(2);
    seen.together -= 1;
    return write(arns);
  };
  const forget = async () => {
    seen.forgotten += 1;
  };
  return { pack: { estate: { tag: answer, untag: answer }, scanner: { forget } }, seen };
};
const fine = (arns: readonly string[]) => arns.map((arn) => ({ arn, ok: true }));

describe('applying 499 different values', () => {
  const regions = ['us-east-1', 'us-west-2', 'eu-west-1'];
  const changes = Array.from({ length: 499 }, (_, index) =>
    change(index, 'platform@example.com', index % 10 === 0 ? null : `was-${index}@example.com`, regions[index % 3]),
  );

  it('takes as many calls as the plan says, many of them at the same time', async () => {
    const { pack, seen } = slowEstate(fine);
    const outcomes = await applyBulk(pack, changes, contextFor());
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(changes.map(() => 'applied'));
    // 449 values, and one removal in each region for the 50 that had none.
    expect(seen.calls).toBe(449 + regions.length);
    expect(costOf(changes).apiCalls).toBe(seen.calls);
    expect(seen.most).toBeGreaterThanOrEqual(2 * regions.length);
    expect(seen.forgotten).toBe(1);
  });

  it('hides nothing behind one that is refused, or whose call fails', async () => {
    const { pack } = slowEstate((arns) => {
      if (arns.includes(arnOf(3))) throw new CountersignError('upstream_error', 'away');
      return arns.map((arn) => (arn === arnOf(6) ? { arn, ok: false, code: 'AccessDenied' } : { arn, ok: true }));
    });
    const outcomes = await applyBulk(pack, changes, contextFor());
    expect(outcomes.filter(({ outcome }) => outcome !== 'applied')).toEqual([
      expect.objectContaining({ resourceId: arnOf(3), code: 'upstream_error' }),
      expect.objectContaining({ resourceId: arnOf(6), code: 'AccessDenied' }),
    ]);
  });

  it('throws a fault only when nothing is being written any more', async () => {
    const { pack, seen } = slowEstate((arns) => {
      if (arns.includes(arnOf(3))) throw new TypeError('a fault');
      return fine(arns);
    });
    await expect(applyBulk(pack, changes, contextFor())).rejects.toThrow('a fault');
    expect(seen.together).toBe(0);
  });
});

it('a call sets the same tags on twenty resources of one place', () => {
  const arns = Array.from({ length: 41 }, (_, index) => arnOf(index));
  expect(writeCalls(editsOf(arns, { set: { Owner: 'a' } }))).toBe(3);
  expect(writeCalls(editsOf([...arns, arnOf(1, 'eu-west-1')], { set: { Owner: 'a' } }))).toBe(4);
  expect(writeCalls([change(1, 'x', 'y'), change(2, 'x', 'z'), change(3, 'x', null)].map(editOf))).toBe(3);
});
