/** What the service does unasked: on timers in a task, beside requests in a function. */
import { ANCHOR_MS } from './audit/anchoring.ts';
import type { Opened } from './open.ts';

export interface PeriodicWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

export const periodicWork = ({
  pipeline,
  anchoring,
  state: { tables },
}: Pick<Opened, 'pipeline' | 'anchoring' | 'state'>): readonly PeriodicWork[] => [
  { name: 'resume', everyMs: 60_000, work: () => pipeline.resume(false) },
  { name: 'sweep', everyMs: 600_000, work: () => tables.sweep() },
  { name: 'anchoring', everyMs: ANCHOR_MS, work: () => anchoring.run() },
];
