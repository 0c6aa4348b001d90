/** What the service does unasked: on timers in a task, beside requests in a function. */
import { HOME_FRESH_MS } from '../../../contracts/home.ts';
import { ANCHOR_MS } from '../audit/anchoring.ts';
import type { HomeWatch } from '../home/home.ts';
import type { Opened } from './open.ts';

export interface PeriodicWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

export const periodicWork = ({
  pipeline,
  anchoring,
  state: { tables, home },
}: Pick<Opened, 'pipeline' | 'anchoring' | 'state'>): readonly PeriodicWork[] => [
  // First, because the others depend on it: without calls, a region notices a move only here.
  ...(home === undefined ? [] : [{ name: 'home', everyMs: HOME_FRESH_MS, work: () => home.look() }]),
  { name: 'resume', everyMs: 60_000, work: () => pipeline.resume(false) },
  { name: 'sweep', everyMs: 600_000, work: async () => (mayWrite(home) ? tables.sweep() : 0) },
  { name: 'anchoring', everyMs: ANCHOR_MS, work: async () => (mayWrite(home) ? anchoring.run() : undefined) },
];

/** Whether this region does the background work that writes. */
export const mayWrite = (home: HomeWatch | undefined): boolean => home === undefined || home.isHome();
