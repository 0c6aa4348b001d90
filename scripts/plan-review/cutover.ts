/** What a cutover and its schedules change outside Terraform on purpose, so that it is no drift. */
import type { Change, Review } from './review.ts';

/** Paths of attributes by type; a path stands for all below it. */
const ours: Readonly<Record<string, readonly string[]>> = {
  // Weights between the colours.
  aws_lb_listener_rule: ['action'],
  aws_lb_listener: ['default_action'],
  aws_ecs_service: ['desired_count'],
  aws_appautoscaling_target: ['min_capacity', 'max_capacity'],
  aws_appautoscaling_scheduled_action: ['scalable_target_action'],
  aws_autoscaling_group: ['desired_capacity'],
  aws_lambda_alias: ['routing_config', 'function_version'],
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
