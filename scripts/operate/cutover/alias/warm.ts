/**
 * Executions that are kept warm, version by version: an alias with weights can have none
 * (https://github.com/hashicorp/terraform/issues/24957).
 */
import type { Run, Saved } from '../run.ts';
import type { Warmth } from '../seen.ts';
import type { LiveFunction, Provisioned } from './function.ts';
import { versionOf } from './weights.ts';

/** What the settings keep warm, which the new version gets even where the old one has none. */
const settled = ({ parts, variants }: Run, variant: string): number =>
  variant === variants.new ? Number(parts.provisioned ?? 0) : 0;

export const keepWarm = async (
  fn: LiveFunction,
  run: Run,
  variant: string,
  to: Pick<Saved, 'desired'>,
  how: 'at-least' | 'exactly',
): Promise<void> => {
  const version = versionOf(variant);
  const now = (await fn.provisioned(version))?.requested ?? 0;
  const wanted = how === 'exactly' ? to.desired : Math.max(now, to.desired, settled(run, variant));
  if (wanted === now) return;
  await (wanted === 0 ? fn.unprovision(version) : fn.provision(version, wanted));
};

const stuck = (status: Provisioned['status'] | undefined, reason = 'without a reason'): string | undefined =>
  status === 'FAILED' ? `it cannot be kept warm: ${reason}` : undefined;

export const warmthOf = async (fn: LiveFunction, run: Run, variant: string, atLeast: number): Promise<Warmth> => {
  const version = versionOf(variant);
  const found = await fn.state(version);
  if (found === undefined) return { warm: false, healthy: 0, says: 'it is gone', failed: 'the version is gone' };
  const { state, reason } = found;
  const provisioned = await fn.provisioned(version);
  const healthy = provisioned?.available ?? 0;
  // Fewer may be asked for than the old one has: what the settings say is waited for all the same.
  const wanted = Math.max(provisioned?.requested ?? 0, atLeast, settled(run, variant));
  const failed = state === 'Failed' ? `it failed: ${reason}` : stuck(provisioned?.status, provisioned?.reason);
  const ready = wanted === 0 || (provisioned?.status === 'READY' && healthy >= wanted);
  const says = wanted === 0 ? `it is ${state}` : `it is ${state}, ${healthy} of ${wanted} executions are warm`;
  // Inactive: it was idle for weeks, and the next call wakes it.
  return { warm: ready && failed === undefined && state !== 'Pending', healthy, says, failed };
};
