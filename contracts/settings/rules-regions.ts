/** Rules of several regions: what they share, and what cannot be shared. Why: docs/adr/0029-one-home-region.md. */
import type { Settings } from './resolve.ts';
import { rule as ruleOfRegion } from './rule.ts';

/** Reported once, because what two regions share is the same in both. */
const rule: typeof ruleOfRegion = (setting, problem, broken) =>
  ruleOfRegion(setting, problem, (s) => s.regions[0] === s.primary_region && broken(s));

const isCountersign = (s: Settings): boolean => s.container === 'countersign';
const alone = (s: Settings): boolean => s.regions.length > 1 && s.home_region === undefined;

export const regionRules = [
  rule(
    'regions',
    'must not be several with container countersign and without home_region: each would keep data of its own under one name, so that one does not know the tokens, approvals and operations of the other. Set home_region to one of them, which then writes while the other reads; or make each region an environment with a domain_name of its own',
    (s) => isCountersign(s) && alone(s),
  ),
  rule(
    'home_region',
    'must be one of regions: give the one that callers are sent to',
    (s) => s.home_region !== undefined && !s.regions.includes(s.home_region),
  ),
  rule(
    'home_region',
    'needs two regions: the home, and the one that takes over. Add the other to regions, or leave home_region out',
    (s) => s.home_region !== undefined && s.regions.length === 1,
  ),
  rule(
    'regions',
    'must be two with home_region: the home, and the one that takes over. Route 53 answers for a failover by one of two records; make further regions environments of their own',
    (s) => s.home_region !== undefined && s.regions.length > 2,
  ),
  rule(
    'compute_mode',
    'must be fargate with home_region: a failover stops the services of the old home, and must know when no task is left. Choose fargate, or leave home_region out',
    (s) => s.home_region !== undefined && s.compute_mode !== 'fargate',
  ),
  rule(
    'home_region',
    'needs domain_name: the name is what moves to the other region',
    (s) => s.home_region !== undefined && s.domain_name === undefined,
  ),
  rule(
    'latency_routing',
    'must not be true with home_region: the nearest region may be the one that only reads. Leave it out',
    (s) => s.latency_routing && s.home_region !== undefined,
  ),
  rule(
    'latency_routing',
    'must not be true with container countersign: the regions under the name would each keep a state of its own. Leave it out, and name both regions in one file with home_region',
    (s) => s.latency_routing && isCountersign(s) && s.home_region === undefined && !alone(s),
  ),
  rule(
    'store_mode',
    'must be none with home_region and container custom: a custom image does not check which region may write, so the copied tables would disagree. Keep the data elsewhere, or leave home_region out',
    (s) => s.home_region !== undefined && !isCountersign(s) && s.store_mode !== 'none',
  ),
  rule(
    'store_mode',
    'must be dynamodb with home_region: its tables are copied between regions. A PostgreSQL database stays in one; choose dynamodb, or leave home_region out and restore in the other region from the copies of db_copy_region',
    (s) => s.home_region !== undefined && isCountersign(s) && s.store_mode === 'postgres',
  ),
  rule(
    'home_region',
    'cannot be combined with github_repository and container countersign: to make the tables of the other region one must read them, which no workflow may. Leave github_repository out, and deploy with npm run deploy',
    (s) => s.home_region !== undefined && isCountersign(s) && s.github_repository !== undefined,
  ),
];
