/** The part of `terraform show -json <plan>` that a review looks at (format 1.x). */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorProblem } from '../platform/problem.ts';

const Attributes = z.record(z.string(), z.unknown());

export const ResourceChange = z.object({
  address: z.string(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  name: z.string(),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
    before: Attributes.nullable(),
    after: Attributes.nullable(),
    after_unknown: z.unknown().optional(),
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    /** It is there already, and is taken over. */
    importing: z.object({ id: z.string().optional() }).optional(),
  }),
});
export type ResourceChange = z.infer<typeof ResourceChange>;

/** What the configuration says, where it says it without a reference. */
const ConfiguredResource = z.object({
  address: z.string(),
  type: z.string(),
  expressions: Attributes.default({}),
});

const StateResource = z.object({
  address: z.string(),
  type: z.string(),
  values: Attributes.default({}),
  /** Addresses of everything it was made from, directly or not. */
  depends_on: z.array(z.string()).optional(),
});

export const PlanJson = z.object({
  format_version: z.string().regex(/^1\./, { error: 'is of a terraform whose plans are not known here' }),
  resource_changes: z.array(ResourceChange).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).default({}),
  /** What was there when the plan was made, as read from AWS. */
  prior_state: z
    .object({
      values: z.object({
        root_module: z.object({ resources: z.array(StateResource).default([]) }).default({ resources: [] }),
      }),
    })
    .optional(),
  configuration: z
    .object({
      root_module: z.object({ resources: z.array(ConfiguredResource).default([]) }).default({ resources: [] }),
    })
    .optional(),
});
export type PlanJson = z.infer<typeof PlanJson>;

/** Resources as they were when the plan was made. */
export const priorResources = (plan: PlanJson): readonly z.infer<typeof StateResource>[] =>
  plan.prior_state?.values.root_module.resources ?? [];

/** Resources as the configuration writes them. */
export const configuredResources = (plan: PlanJson): readonly z.infer<typeof ConfiguredResource>[] =>
  plan.configuration?.root_module.resources ?? [];

/** @throws OperatorProblem when the file is none */
export const readPlan = async (file: string): Promise<PlanJson> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OperatorProblem(`${file} cannot be read.`, { cause: error });
  });
  try {
    return PlanJson.parse(JSON.parse(text));
  } catch (error) {
    throw new OperatorProblem(`${file} is no plan: make it with terraform show -json.`, { cause: error });
  }
};
