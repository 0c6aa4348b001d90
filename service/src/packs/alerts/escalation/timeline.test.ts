import { EscalationPolicy } from '../../../../../contracts/packs/alerts/telling.ts';
import { timelineOf } from './timeline.ts';

const policy = EscalationPolicy.parse({
  name: 'night',
  steps: [
    { delay_min: 10, targets: ['a'] },
    { delay_min: 15, targets: ['b'] },
  ],
  repeat: 1,
});
const start = Date.parse('2026-05-01T10:00:00Z');
const clock = (after: number): string => new Date(start + after).toISOString().slice(11, 16);

describe('acceptance example 8: 10 min to a, 15 min to b, repeat 1, start 10:00', () => {
  it('tells a 10:00, b 10:10, a 10:25, b 10:35, and stops 10:50', () => {
    const { calls, stops } = timelineOf(policy);
    expect(calls.map(({ targets, after }) => [...targets, clock(after)])).toEqual([
      ['a', '10:00'],
      ['b', '10:10'],
      ['a', '10:25'],
      ['b', '10:35'],
    ]);
    expect(clock(stops)).toBe('10:50');
  });

  it('goes on from a later step where a person escalates, and repeats from the first', () => {
    expect(timelineOf(policy, 2).calls.map(({ step, after }) => [step, clock(after)])).toEqual([
      [2, '10:00'],
      [1, '10:15'],
      [2, '10:25'],
    ]);
  });

  it('tells each once where nothing repeats', () => {
    expect(timelineOf({ ...policy, repeat: 0 }).calls).toHaveLength(2);
  });
});
