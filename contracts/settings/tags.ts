/** Tags as an environment gives them: what AWS takes on everything, so that none of it is refused in the middle of an apply. */
import { z } from 'zod';
import { tagLimits, tagProblem, twinsIn } from '../limits/tags.ts';
import { ofType } from './setting.ts';

/** Tags the platform sets on everything; budgets and permissions look at them. */
export const ownTags = ['Project', 'Environment', 'ManagedBy', 'Stack'] as const;

/** Tags that single resources have besides: Name and Tier. */
const SINGLE = 2;
const MOST = tagLimits.count - ownTags.length - SINGLE;

const ownOf = (key: string): string | undefined => ownTags.find((own) => own.toLowerCase() === key.toLowerCase());

const problemsOf = (tags: Readonly<Record<string, string>>): readonly (readonly [key: string, problem: string])[] => {
  const keys = Object.keys(tags);
  return [
    ...Object.entries(tags).flatMap(([key, value]) => {
      const problem = tagProblem(key, value);
      return problem === undefined ? [] : [[key, problem] as const];
    }),
    ...twinsIn(keys).map(
      ([key, earlier]) =>
        [key, `differs from ${earlier} by case alone, and IAM holds both to be one: drop one`] as const,
    ),
    ...keys.flatMap((key) => {
      const own = ownOf(key);
      return own === undefined ? [] : [[key, `is ${own}, which the platform sets itself: choose another key`] as const];
    }),
  ];
};

export const tagMap = z
  .record(z.string(), z.string({ error: 'must be a text in quotes' }), {
    error: ofType('a map such as { CostCenter = "FinOps" }'),
  })
  .superRefine((tags, context) => {
    for (const [key, message] of problemsOf(tags)) context.addIssue({ code: 'custom', path: [key], message });
    const count = Object.keys(tags).length;
    if (count > MOST)
      context.addIssue({
        code: 'custom',
        message: `must be at most ${MOST}, not ${count}: a resource takes ${tagLimits.count}, and the platform sets some itself`,
      });
  })
  .default({});
