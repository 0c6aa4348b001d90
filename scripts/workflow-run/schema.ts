/** For tests: a workflow as far as the workflows here use the language. Unknown elements are refused, not skipped. */
import { z } from 'zod';

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z.record(z.string(), Text).default({});

export const Step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: Text.optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: Texts,
  env: Texts,
});
export type Step = z.infer<typeof Step>;

const Needs = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((needs) => [needs].flat());

export const Job = z.strictObject({
  name: z.string().optional(),
  needs: Needs,
  if: Text.optional(),
  'runs-on': z.string().optional(),
  'timeout-minutes': z.number().optional(),
  permissions: Texts,
  outputs: Texts,
  environment: z.string().optional(),
  concurrency: z.unknown().optional(),
  env: Texts,
  strategy: z
    .strictObject({
      'fail-fast': z.boolean().optional(),
      'max-parallel': z.number().optional(),
      matrix: z.record(z.string(), z.union([z.string(), z.array(Text)])),
    })
    .optional(),
  steps: z.array(Step).default([]),
  uses: z.string().optional(),
  with: Texts,
  secrets: z.union([z.literal('inherit'), z.record(z.string(), z.string())]).optional(),
});
export type Job = z.infer<typeof Job>;

const Input = z.object({ type: z.string().optional(), default: Text.optional(), required: z.boolean().optional() });

export const Workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }).optional(),
  // Without it, a pipe whose first program fails passes: bash is started without pipefail.
  defaults: z.strictObject({ run: z.strictObject({ shell: z.literal('bash') }) }),
  env: Texts,
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.infer<typeof Workflow>;

const Called = z.object({
  inputs: z.record(z.string(), Input).default({}),
  outputs: z.record(z.string(), z.object({ value: z.string() })).default({}),
});

/** Inputs and outputs of a trigger that has some. */
export const triggerOf = (workflow: Workflow, event: string): z.infer<typeof Called> =>
  Called.parse(event === 'schedule' ? {} : (workflow.on[event] ?? {}));
