/** Which action of a listener a request gets: rules by priority, groups of a forward by their weights. */
import type { Action, Rule, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Asked, meets } from './conditions.ts';

const rank = ({ Priority }: Rule): number =>
  Priority === undefined || Priority === 'default' ? Number.POSITIVE_INFINITY : Number(Priority);

/** The rules as AWS looks at them, the default last; moto tells them in the order of their creation. */
export const inOrder = (rules: readonly Rule[]): readonly Rule[] => rules.toSorted((a, b) => rank(a) - rank(b));

/** The last action of the first rule that the request meets: those before it only authenticate. */
export const actionFor = (ordered: readonly Rule[], asked: Asked): Action | undefined =>
  ordered.find(({ Conditions = [] }) => meets(Conditions, asked))?.Actions?.at(-1);

export const groupsOf = ({ TargetGroupArn, ForwardConfig }: Action): readonly TargetGroupTuple[] =>
  ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn, Weight: 1 }]);

/**
 * The ARN of one group, as likely as its weight says. Whether it has targets does not count: groups do not stand in for
 * each other.
 * @param dice from 0 to below 1
 */
export const groupByWeight = (groups: readonly TargetGroupTuple[], dice: number): string | undefined => {
  const total = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
  let left = dice * total;
  for (const { TargetGroupArn, Weight = 1 } of groups) {
    left -= Weight;
    if (left < 0) return TargetGroupArn;
  }
  return undefined;
};
