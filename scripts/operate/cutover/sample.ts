/** For tests: a run as it is written down at its start. */
import type { Run } from './run.ts';

export const sampleRun = (changes: Partial<Run> = {}): Run => ({
  format: 1,
  run: '2026-11-29T12-00-00Z-1a2b3c4d',
  environment: 'examples/tag-governance/prod',
  region: 'us-east-1',
  way: 'load-balancer',
  state: 'started',
  share: 0,
  owner: 'arn:aws:iam::111122223333:user/ada',
  variants: { old: 'blue', new: 'green' },
  parts: { rule: 'arn:rule', blue: 'arn:blue', green: 'arn:green' },
  weights: { saved: { blue: 100, green: 0 }, from: { blue: 100, green: 0 }, to: { blue: 100, green: 0 } },
  saved: {
    blue: { desired: 2, bounds: { min: 2, max: 10 }, schedules: {}, image: 'service:1' },
    green: { desired: 0, bounds: { min: 0, max: 10 }, schedules: {}, image: 'service:2' },
  },
  baseline: [],
  pace: {
    shares: [10, 50, 100],
    bakes: [720, 720, 1200],
    poll: 30,
    settle: 60,
    twice: 10,
    warm: 900,
    hold: 330,
    period: 60,
  },
  calls: true,
  startedAt: '2026-11-29T12:00:00.000Z',
  heartbeat: '2026-11-29T12:00:00.000Z',
  reasons: [],
  ...changes,
});
