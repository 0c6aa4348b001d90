/** Cutovers of a group of instances: its instances are replaced by ones of the launch template's newest version, share by share. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { runningNames } from '../../running.ts';
import { figuresOf } from '../fargate/figures.ts';
import { type Found, NothingToShift, type Way } from '../ports.ts';
import type { Run, Saved } from '../run.ts';
import type { Warmth } from '../seen.ts';
import { autoScalingGroup, balancerOf } from './aws.ts';
import { type Group, isActive, type LiveGroup } from './group.ts';
import { guardsOf } from './guards.ts';
import { type Guards, replaceInstances } from './replace.ts';
import { liveOf, variantOf, versionOf } from './standing.ts';

/** Without these no instance is replaced. */
const needed = ['Launch', 'Terminate', 'AddToLoadBalancer', 'HealthCheck'] as const;

interface Settled extends Group {
  readonly template: string;
  readonly targetGroup: string;
}

/** @throws OperatorProblem naming what is in the way of a cutover */
const settled = (name: string, group: Group | undefined): Settled => {
  if (group === undefined) throw new OperatorProblem(`There is no group ${name}: npm run deploy`);
  const { template, version, instances, suspended, desired, targetGroup } = group;
  if (template === undefined || targetGroup === undefined)
    throw new OperatorProblem(`${name} has no launch template, or no target group: npm run deploy`);
  if (!/^\d+$/.test(version))
    throw new OperatorProblem(
      `${name} starts instances from version ${version}, and a cutover cannot go back to that: npm run deploy replaces it by a number.`,
    );
  const stopped = needed.filter((each) => suspended.includes(each));
  if (stopped.length > 0)
    throw new OperatorProblem(`${stopped.join(' and ')} of ${name} are suspended: aws autoscaling resume-processes`);
  if (desired === 0)
    throw new OperatorProblem(`${name} is set to run no instance, so nothing takes traffic: npm run scale first.`);
  const others = instances.filter((each) => each.state !== 'InService' || each.version !== version).length;
  if (others > 0 || instances.length !== desired)
    throw new OperatorProblem(
      `${instances.length - others} of ${desired} instances of ${name} are in service with version ${version} of the launch template, and ${others} are not: wait until all are, or begin an instance refresh without a cutover.`,
    );
  return { ...group, template, targetGroup };
};

export interface Wanted {
  /** Image that the settings name. */
  readonly image: string;
  /** ARN of the load balancer in front of a target group. */
  readonly balancer: (targetGroup: string) => Promise<string>;
}

const survey = async (fn: LiveGroup, { image, balancer }: Wanted): Promise<Found> => {
  const group = settled(fn.name, await fn.read());
  const { template, version, targetGroup, desired, min, max } = group;
  const refreshes = await fn.refreshes('');
  const active = refreshes.find(isActive);
  if (active !== undefined)
    throw new OperatorProblem(
      `The instance refresh ${active.id} of ${fn.name} is ${active.status}, and belongs to no open cutover: wait for its end, or cancel it.`,
    );
  const newest = (await fn.newest(template)) ?? version;
  if (newest === version)
    throw new NothingToShift(
      `Version ${version} of the launch template of ${fn.name} runs on all instances and is the newest: npm run deploy makes another.`,
    );
  const saved: Record<string, Saved> = {};
  for (const each of [version, newest])
    saved[variantOf(each)] = {
      desired: each === version ? desired : 0,
      bounds: { min, max },
      schedules: {},
      image: (await fn.image(template, each)) ?? '',
    };
  const variants = { old: variantOf(version), new: variantOf(newest) };
  const made = saved[variants.new]?.image;
  if (made !== image)
    throw new OperatorProblem(
      `Version ${newest} of the launch template is to run ${made || 'no image that it names'}, and the settings say ${image}: npm run deploy, so that the cutover is to what was reviewed.`,
    );
  const parts = {
    group: fn.name,
    template,
    lastRefresh: refreshes[0]?.id ?? '',
    loadBalancer: await balancer(targetGroup),
    // One target group for both: only the shares tell the versions apart.
    [variants.new]: targetGroup,
  };
  return { variants, parts, saved, weights: { [variants.old]: 100, [variants.new]: 0 }, instances: desired };
};

/** Nothing is started before the first share: there is no place where an instance of it would take no calls. */
const warmthOf = async (fn: LiveGroup, run: Run, variant: string, atLeast: number): Promise<Warmth> => {
  const version = versionOf(variant);
  const image = await fn.image(run.parts.template ?? '', version);
  if (image !== undefined)
    return { warm: true, healthy: atLeast, says: `version ${version} of the launch template is there` };
  const says = `version ${version} of the launch template is gone`;
  return { warm: false, healthy: 0, says, failed: says };
};

/** @param figures reads the metrics of the target group */
export const wayOver = (fn: LiveGroup, wanted: Wanted, guards: Guards, figures: Way['figures']): Way => {
  const read = async (run: Run) => {
    const [group, refreshes] = await Promise.all([fn.read(), fn.refreshes(run.parts.lastRefresh ?? '')]);
    return { group, refreshes };
  };
  return {
    survey: () => survey(fn, wanted),
    live: async (run) => {
      const { group, refreshes } = await read(run);
      return liveOf(group, refreshes, run);
    },
    setWeights: (run, weights) => replaceInstances(fn, run, weights, guards),
    // Replaced instances are gone, and further ones the group's own scaling adds.
    scale: async () => {},
    warmth: (run, variant, atLeast) => warmthOf(fn, run, variant, atLeast),
    figures,
    // One after the other, each as long as a variant may take to become healthy.
    patience: ({ saved, variants, pace }) => Math.max(1, saved[variants.old]?.desired ?? 1) * pace.warm,
    reachedAt: 100,
    unended: async (run) => {
      const active = (await read(run)).refreshes.find(isActive);
      return active && `the instance refresh ${active.id} is still ${active.status}`;
    },
  };
};

/** An operator's calls share their quota with everything else in the account. */
const maxAttempts = 6;

export const refreshWay = (deployment: Deployment): Way => {
  const { region, settings } = deployment;
  const metrics = new CloudWatchClient({ region, maxAttempts });
  const { minimum_healthy_percent: minimum, maximum_percent: maximum } = settings;
  const fn = autoScalingGroup(region, runningNames(deployment).scalingGroup, { minimum, maximum });
  const wanted = {
    image: settings.image_blue ?? settings.container_image ?? '',
    balancer: (targetGroup: string) => balancerOf(region, targetGroup),
  };
  return wayOver(fn, wanted, guardsOf(metrics, deployment), (...asked) => figuresOf(metrics, ...asked));
};
