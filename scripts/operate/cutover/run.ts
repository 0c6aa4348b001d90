/** One cutover of an environment in one region: what its object in the state bucket holds. It is lock and record in one. */
import { z } from 'zod';

/** How traffic is moved: by the weights of a listener's rule, by those of a function's alias, or by replacing instances. */
export const ways = ['load-balancer', 'alias', 'instance-refresh'] as const;

/** In the order in which a run that succeeds passes them; then the ways a run ends otherwise. */
export const states = [
  'started',
  'warming',
  'warm',
  'smoked',
  'shifting',
  'baking',
  'holding',
  'finished',
  'rolling-back',
  'rolled-back',
  'aborting',
  'aborted',
  'foreign',
] as const;
export type State = (typeof states)[number];

const ended: ReadonlySet<State> = new Set(['finished', 'rolled-back', 'aborted']);

const Instant = z.iso.datetime();
/** Percent of the traffic by variant: a colour, a version of a function, or one of a launch template. */
export const Weights = z.record(z.string(), z.number());
export type Weights = z.infer<typeof Weights>;

const Bounds = z.object({ min: z.int(), max: z.int() });

/** How much of a variant ran, and between which bounds, before the run changed it. */
export const Saved = z.object({
  desired: z.int(),
  /** Absent where nothing scales it. */
  bounds: Bounds.optional(),
  /** By their name at AWS. */
  schedules: z.record(z.string(), Bounds).default({}),
  image: z.string(),
  /** ARN of what its tasks are started from. Absent where there are no tasks. */
  taskDefinition: z.string().optional(),
});
export type Saved = z.infer<typeof Saved>;

/** How long everything takes, in seconds. Written down, so that whoever resumes goes on at the same pace. */
export const Pace = z.object({
  /** Percent of the traffic, step by step. */
  shares: z.array(z.number().min(1).max(100)).min(1),
  /** Time at each share in which the new variant is watched. */
  bakes: z.array(z.number().nonnegative()).min(1),
  /** Between two looks. */
  poll: z.number().positive(),
  /** From a shift to the first figure that counts. */
  settle: z.number().nonnegative(),
  /** Between the two looks that must both find every target healthy. */
  twice: z.number().nonnegative(),
  /** For the new variant to become healthy. */
  warm: z.number().positive(),
  /** From the last bake to the scaling in of the old variant. */
  hold: z.number().nonnegative(),
  /** Length of one figure of CloudWatch. */
  period: z.number().positive(),
});
export type Pace = z.infer<typeof Pace>;

/** The process that drives the run. Absent between two commands, such as the jobs of a workflow. */
const Holder = z.object({ who: z.string(), host: z.string(), pid: z.int(), since: Instant });
export type Holder = z.infer<typeof Holder>;

/** Members that a newer release added are kept as they are. */
export const Run = z.looseObject({
  format: z.literal(1),
  /** Tells one run from the next. */
  run: z.string(),
  environment: z.string(),
  region: z.string(),
  way: z.enum(ways),
  state: z.enum(states),
  /** State before it became foreign. */
  was: z.enum(states).optional(),
  /** Percent that `shifting`, `baking` and what follows are about; 0 before the first shift. */
  share: z.number().min(0).max(100),
  /** Who began it. */
  owner: z.string(),
  holder: Holder.optional(),
  variants: z.object({ old: z.string(), new: z.string() }),
  /** ARNs and names of what is changed: rule, listener, loadBalancer, the target group of each variant. */
  parts: z.record(z.string(), z.string()),
  weights: z.object({ saved: Weights, from: Weights, to: Weights }),
  saved: z.record(z.string(), Saved),
  /** Alarms that sounded when it began: they roll nothing back. */
  baseline: z.array(z.string()),
  pace: Pace,
  /** Whether the smoke test makes signed-in calls. */
  calls: z.boolean().default(true),
  startedAt: Instant,
  /** When the live weights were last read back after a shift. */
  shiftedAt: Instant.optional(),
  /** When the bake at `share` was over and found in order. */
  bakedAt: Instant.optional(),
  /** Since when the new variant has all traffic for good. */
  holdingSince: Instant.optional(),
  /** Set before the old variant is scaled in, or the new one after a rollback. */
  scalingIn: z.boolean().optional(),
  endedAt: Instant.optional(),
  /** When the present step must be over. Absent while nobody drives it. */
  deadline: Instant.optional(),
  heartbeat: Instant,
  /** Why it went back, stopped, or what was not proven. */
  reasons: z.array(z.string()),
});
export type Run = z.infer<typeof Run>;

export const isOpen = ({ state }: Pick<Run, 'state'>): boolean => !ended.has(state);

/** `baking(50)`: the state as people and workflows name it. */
export const stateText = ({ state, share }: Pick<Run, 'state' | 'share'>): string =>
  state === 'shifting' || state === 'baking' ? `${state}(${share})` : state;

/** `blue 90, green 10`. */
export const weightsText = (weights: Weights): string =>
  Object.entries(weights)
    .map(([variant, weight]) => `${variant} ${weight}`)
    .join(', ');

/** Variants without weight may be absent. */
export const sameWeights = (a: Weights, b: Weights): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((variant) => (a[variant] ?? 0) === (b[variant] ?? 0));
