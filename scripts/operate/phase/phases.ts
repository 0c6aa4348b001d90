/** When a startup's environment has outgrown its size, as its guidelines say. */

export const measures = ['people', 'requests', 'revenue'] as const;
export type Measure = (typeof measures)[number];

export interface Phase {
  readonly name: string;
  /** USD a month that it may cost. */
  readonly budgetUsd: number;
  /** More than one of these. */
  readonly over: Readonly<Record<Measure, number>>;
  /** Environments that have its settings. */
  readonly examples: readonly string[];
}

export const phases: readonly Phase[] = [
  {
    name: 'growth',
    budgetUsd: 75,
    over: { people: 100, requests: 500_000, revenue: 500 },
    examples: ['examples/startup/growth', 'examples/startup/growth-staging'],
  },
  {
    name: 'scale',
    budgetUsd: 200,
    over: { people: 1_000, requests: 5_000_000, revenue: 2_000 },
    examples: ['examples/startup/scale'],
  },
];

/** What a measure is, for people. */
export const told: Readonly<Record<Measure, string>> = {
  people: 'people signed in, 30 days',
  requests: 'requests, 30 days',
  revenue: 'revenue a month, USD',
};

/** A number, or why there is none. */
export type Measured = { readonly value: number } | { readonly why: string };

export interface Judged {
  readonly phase: string;
  readonly measure: Measure;
  readonly measured: Measured;
  readonly threshold: number;
  readonly verdict: 'over' | 'below' | 'unknown';
}

export const judge = (measured: Readonly<Record<Measure, Measured>>): Judged[] =>
  phases.flatMap(({ name: phase, over }) =>
    measures.map((measure) => {
      const found = measured[measure];
      const threshold = over[measure];
      const verdict = 'why' in found ? 'unknown' : found.value > threshold ? 'over' : 'below';
      return { phase, measure, measured: found, threshold, verdict };
    }),
  );

/** The last phase of which one threshold is passed. */
export const reachedOf = (judged: readonly Judged[]): Phase | undefined =>
  phases.findLast(({ name }) => judged.some(({ phase, verdict }) => phase === name && verdict === 'over'));
