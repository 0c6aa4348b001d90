/** Moves a group to a share of the new version, or back, by one call at a time: each leaves the next look to decide anew. */
import { bakeAt } from '../pace.ts';
import type { Run, Weights } from '../run.ts';
import { Foreign } from '../session.ts';
import { type Group, Irreversible, isActive, type LiveGroup, type Refresh, RefreshBusy } from './group.ts';
import { liveOf, versionOf } from './standing.ts';

/** AWS watches no longer than this. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
const LONGEST_BAKE = 48 * 3600;

/**
 * As long as AWS bakes, it goes back by itself on an alarm, and further instances start from the old version. So below 100
 * percent it bakes until the next shift cancels that; at 100 percent until the run ends.
 */
const bakeSeconds = ({ pace }: Run, share: number): number =>
  share < 100 ? LONGEST_BAKE : Math.min(LONGEST_BAKE, pace.settle + bakeAt(pace, share) + pace.hold);

/** Names of the alarms that AWS is to watch. */
export type Guards = () => Promise<readonly string[]>;

/** @returns whether something has to be begun */
const forward = async (fn: LiveGroup, active: Refresh | undefined, share: number): Promise<boolean> => {
  if (active === undefined) return true;
  // That of the share before stands in the way; what AWS takes back, or cancels, ends by itself.
  if (active.share < share && ['Pending', 'InProgress', 'Baking'].includes(active.status)) await fn.cancel();
  return false;
};

/** @returns whether something has to be begun */
const backward = async (fn: LiveGroup, group: Group, active: Refresh | undefined, run: Run): Promise<boolean> => {
  const fresh = versionOf(run.variants.new);
  if (active === undefined) return group.version === fresh || group.instances.some(({ version }) => version === fresh);
  if (active.version !== fresh || !['Pending', 'InProgress', 'Baking'].includes(active.status)) return false;
  try {
    // To what the group starts instances from, which is the new version once a refresh has succeeded.
    await (group.version === fresh ? fn.cancel() : fn.rollBack());
  } catch (error) {
    if (!(error instanceof Irreversible)) throw error;
    await fn.cancel();
  }
  return false;
};

/** Safe to repeat until the weights have come about. @throws Foreign where somebody else changed the group */
export const replaceInstances = async (fn: LiveGroup, run: Run, weights: Weights, guards: Guards): Promise<void> => {
  const [group, refreshes] = await Promise.all([fn.read(), fn.refreshes(run.parts.lastRefresh ?? '')]);
  const live = liveOf(group, refreshes, run);
  if (group === undefined || live.odd !== undefined) throw new Foreign(live);
  // Whoever drives the run goes back then, and this begins nothing beside it.
  if (live.failed !== undefined && run.state !== 'rolling-back') return;
  const { variants, parts } = run;
  const share = weights[variants.new] ?? 0;
  const active = refreshes.find(isActive);
  const template = parts.template ?? '';
  try {
    if (share === 0) {
      if (!(await backward(fn, group, active, run))) return;
      const version = versionOf(variants.old);
      await fn.begin({ template, version, share: 100, bakeSeconds: 0, goesBack: false, alarms: [] });
    } else if (await forward(fn, active, share)) {
      // Those that sounded when the run began would end it at once.
      const alarms = (await guards()).filter((name) => !run.baseline.includes(name));
      const version = versionOf(variants.new);
      await fn.begin({ template, version, share, bakeSeconds: bakeSeconds(run, share), goesBack: true, alarms });
    }
  } catch (error) {
    if (!(error instanceof RefreshBusy)) throw error;
  }
};
