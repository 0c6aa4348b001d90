/** What `npm run plan -- --json` prints: reviews of all stacks, safe to publish, as the comment is made from them. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { OperatorProblem } from '../platform/problem.ts';
import { readPlan } from './plan-json.ts';
import { Finding, findingsOf } from './policy.ts';
import { Review, reviewOf } from './review.ts';

export const StackReport = z.object({
  stack: z.string(),
  /** waits: planned once the layers it reads have been applied. */
  outcome: z.enum(['changes', 'none', 'waits']),
  waitsFor: z.array(z.string()),
  review: Review.optional(),
  findings: z.array(Finding),
});
export type StackReport = z.infer<typeof StackReport>;

export const PlanReport = z.object({ environment: z.string(), stacks: z.array(StackReport) });
export type PlanReport = z.infer<typeof PlanReport>;

/** Stack's name of a plan file: `<stack>.plan.json`. */
const stackOf = (file: string): string => basename(file).replace(/(\.plan)?\.json$/, '');

const fromPlan = async (file: string): Promise<StackReport> => {
  const plan = await readPlan(file);
  const review = reviewOf(stackOf(file), plan);
  const outcome = review.changes.length > 0 || review.outputs.length > 0 ? 'changes' : 'none';
  return { stack: review.stack, outcome, waitsFor: [], review, findings: findingsOf(plan) };
};

/** Stacks of a file, which is a report or a plan as `terraform show -json` prints it. @throws OperatorProblem */
export const readStacks = async (file: string): Promise<readonly StackReport[]> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OperatorProblem(`${file} cannot be read.`, { cause: error });
  });
  if (!/"stacks"\s*:/.test(text.slice(0, 400))) return [await fromPlan(file)];
  try {
    return PlanReport.parse(JSON.parse(text)).stacks;
  } catch (error) {
    throw new OperatorProblem(`${file} is neither a plan nor a report of one.`, { cause: error });
  }
};
