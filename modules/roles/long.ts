/** Statements about more resources than one policy holds. */
import { limitAt } from '../../contracts/limits/index.ts';
import type { Statement } from './statement.ts';

/** Resources that stay in the policy inside a role. The policies inside share 10,240 characters. */
const MOST_INSIDE = 20;

/** An ARN that is a reference still is as long as most are. */
const ARN = 100;

const MOST = limitAt('aws_iam_policy.policy', 'document').rule.max;

export const isLong = ({ resources }: Statement): boolean => resources.length > MOST_INSIDE;

/** The statement in pieces, each of which fits into a policy of its own. */
export const pieces = (statement: Statement): readonly Statement[] => {
  const { resources, ...rest } = statement;
  // Version, effect and brackets; quotes and a comma around each resource.
  let left = 0;
  const held: string[][] = [];
  for (const resource of resources) {
    const size = (resource.includes('${') ? ARN : resource.length) + 3;
    if (left < size || held.length === 0) {
      held.push([]);
      left = MOST - JSON.stringify(rest).length - 200;
    }
    held.at(-1)?.push(resource);
    left -= size;
  }
  return held.map((piece) => ({ ...rest, resources: piece }));
};
