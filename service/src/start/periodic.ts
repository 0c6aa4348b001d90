/** What the service does unasked: on timers in a task, beside requests in a function. One list for both. */
import { HOME_FRESH_MS } from '../../../contracts/home.ts';
import { ANCHOR_MS } from '../audit/anchoring.ts';
import type { HomeWatch } from '../home/home.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import { LOOK_MS, type OpenJobs } from './jobs.ts';
import { mayWrite } from './may-write.ts';

export interface PeriodicWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

/** What has work to do. */
interface Worked {
  readonly pipeline: Pick<Pipeline, 'resume'>;
  readonly anchoring: { run(): Promise<unknown> };
  readonly jobs: Pick<OpenJobs, 'turn'>;
  readonly state: { readonly home?: Pick<HomeWatch, 'look' | 'isHome'> };
}

export const periodicWork = ({ pipeline, anchoring, jobs, state: { home } }: Worked): readonly PeriodicWork[] => [
  // First, because the others depend on it: without calls, a region notices a move only here.
  ...(home === undefined ? [] : [{ name: 'home', everyMs: HOME_FRESH_MS, work: () => home.look() }]),
  { name: 'resume', everyMs: 60_000, work: () => pipeline.resume(false) },
  { name: 'anchoring', everyMs: ANCHOR_MS, work: async () => (mayWrite(home) ? anchoring.run() : undefined) },
  { name: 'jobs', everyMs: LOOK_MS, work: () => jobs.turn() },
];
