/**
 * What a cutover or a drill changes outside Terraform although Terraform would change it back, so that it is no drift. What
 * Terraform itself ignores (contracts/settings/owned.ts) never differs in a plan.
 */
import type { Change, Review } from './review.ts';

/** Paths of attributes by type; a path stands for all below it. */
const ours: Readonly<Record<string, readonly string[]>> = {
  // A shift of versions moves both; a deployment moves the version for good.
  aws_lambda_alias: ['routing_config', 'function_version'],
  // A drill of a failover tells the check the opposite of what it sees, and puts it back: scripts/operate/failover.
  aws_route53_health_check: ['invert_healthcheck'],
};

const isBelow = (path: string, top: string): boolean =>
  path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[`);

const isOfCutover = (type: string, path: string): boolean => (ours[type] ?? []).some((top) => isBelow(path, top));

/** A change without the attributes that a cutover owns, or nothing when there are no others. */
const without = (change: Change): Change[] => {
  if (change.action !== 'update') return [change];
  const differences = change.differences.filter(({ path }) => !isOfCutover(change.type, path));
  return differences.length === 0 ? [] : [{ ...change, differences }];
};

export const withoutCutover = (review: Review): Review => ({ ...review, changes: review.changes.flatMap(without) });
