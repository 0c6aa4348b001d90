/** Addresses that what stands in a subnet takes. */
import { prefixLength } from '../cidr.ts';
import type { Settings } from './resolve.ts';
import { natGateways, shapeOf } from './shape.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first four and the last are AWS's own. */
const RESERVED = 5;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
const BALANCER = 8;

export type Tier = 'public_cidrs' | 'private_cidrs';

/** Each task has an address of its own; while one version replaces another there are more of them. */
const tasks = (s: Settings): number => {
  if (s.compute_mode !== 'fargate') return 0;
  const most = Math.max(s.max_count, ...Object.values(s.scale_schedules).map(({ max }) => max));
  return Math.ceil(
    (most * shapeOf(s).colours.length * s.maximum_percent) / 100 / Math.max(1, s.availability_zones.length),
  );
};

const takenIn: Readonly<Record<Tier, (s: Settings) => number>> = {
  public_cidrs: (s) =>
    (natGateways(s) > 0 ? 1 : 0) +
    (shapeOf(s).loadBalancer && !s.alb_internal ? BALANCER : 0) +
    (shapeOf(s).publicTasks ? tasks(s) : 0),
  private_cidrs: (s) =>
    s.vpc_endpoints.length +
    (shapeOf(s).loadBalancer && s.alb_internal ? BALANCER : 0) +
    (shapeOf(s).publicTasks ? 0 : tasks(s)),
};

/** Whether some subnet of the tier has fewer addresses than what stands in it takes. */
export const isCramped = (s: Settings, tier: Tier): boolean =>
  s[tier].some((cidr) => 2 ** (32 - prefixLength(cidr)) - RESERVED < takenIn[tier](s));
