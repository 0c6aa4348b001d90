/** A group of instances as the weights of two versions of its launch template. */
import type { Live } from '../ports.ts';
import type { Run, Weights } from '../run.ts';
import { type Group, type Instance, isActive, isFailed, type Refresh } from './group.ts';

const PREFIX = 'template-';

/** What a run calls a version of the launch template: `template-7`. */
export const variantOf = (version: string): string => `${PREFIX}${version}`;
export const versionOf = (variant: string): string => variant.slice(PREFIX.length);

const serves = ({ state }: Instance): boolean => state === 'InService';
const leaves = ({ state }: Instance): boolean => /^(Terminat|Detach|EnteringStandby|Standby)/.test(state);

/** Percent of the instances in service, rounded so that all of them are 100. */
export const weightsOf = (versions: readonly (string | undefined)[], old: string): Weights => {
  const counts = new Map<string, number>();
  for (const version of versions) {
    const variant = version === undefined ? 'no template' : variantOf(version);
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
  }
  const shares = [...counts].filter(([variant]) => variant !== old);
  const others = shares.map(([variant, count]) => [variant, Math.floor((100 * count) / versions.length)] as const);
  const rest = 100 - others.reduce((sum, [, share]) => sum + share, 0);
  return { ...(counts.has(old) && { [old]: rest }), ...Object.fromEntries(others) };
};

/** What a run is to have come to: the share of its new version. */
const aimOf = ({ state, weights, variants }: Run): number =>
  (state === 'rolling-back' ? weights.saved : weights.to)[variants.new] ?? 0;

/** What somebody else did, that the run must not undo. */
const oddIn = (group: Group, refresh: Refresh | undefined, run: Run): string | undefined => {
  const [old, fresh] = [versionOf(run.variants.old), versionOf(run.variants.new)];
  const stray = group.instances.find((each) => !leaves(each) && each.version !== old && each.version !== fresh);
  if (stray !== undefined)
    return stray.version === undefined
      ? 'an instance runs that came from no launch template'
      : `an instance runs version ${stray.version} of the launch template`;
  if (group.version !== old && group.version !== fresh)
    return `the group starts instances from version ${group.version} of its launch template`;
  if (refresh === undefined) return undefined;
  const forward = refresh.version === fresh && (refresh.share <= aimOf(run) || run.state === 'rolling-back');
  const back = refresh.version === old && run.state === 'rolling-back';
  // What goes back on its own began as one of the run's.
  if (forward || back || refresh.status === 'RollbackInProgress') return undefined;
  return `the instance refresh ${refresh.id} was not begun by this run`;
};

const failureOf = (refreshes: readonly Refresh[], fresh: string): string | undefined => {
  const [last] = refreshes;
  if (last === undefined || last.version !== fresh || !isFailed(last)) return undefined;
  return `AWS ended the instance refresh as ${last.status}: ${last.reason ?? 'it gives no reason'}`;
};

/** @param all refreshes since the run began, the newest first */
export const liveOf = (group: Group | undefined, all: readonly Refresh[], run: Run): Live => {
  if (group === undefined)
    return {
      weights: {},
      odd: 'the group is gone: abort ends the run, so that a deployment can make it anew',
      gone: true,
    };
  const { variants, state } = run;
  const fresh = versionOf(variants.new);
  // Of a run that is over only the instances tell.
  const refreshes = run.endedAt === undefined ? all : [];
  const active = refreshes.find(isActive);
  const serving = group.instances.filter(serves);
  const weights = weightsOf(
    serving.map(({ version }) => version),
    variants.old,
  );
  const odd = oddIn(group, active, run);
  if (odd !== undefined) return { weights, odd };
  const aim = aimOf(run);
  const share = weights[variants.new] ?? 0;
  const count = serving.filter(({ version }) => version === fresh).length;
  const moving = `${count} of ${serving.length} instances run ${variants.new}${active === undefined ? '' : `, ${active.status}`}`;
  if (aim === 0) {
    const back = serving.length > 0 && share === 0 && active === undefined && group.version !== fresh;
    // Before its first shift a run has moved nothing, so that the weights themselves must say so.
    return state === 'rolling-back' ? { weights, standing: back ? 'to' : 'from', moving } : { weights };
  }
  const failed = failureOf(refreshes, fresh);
  if (failed !== undefined) return { weights, standing: 'from', failed };
  const still = active === undefined || active.status === 'Baking';
  // Later the group may be scaled, and its shares with it.
  const reached = state !== 'shifting' || (still && share >= aim);
  return { weights, standing: reached ? 'to' : 'from', moving };
};
