import { loadPolicy } from '../policy/policy.ts';
import { type PreviewTarget, project } from './preview.ts';

const policy = loadPolicy(
  { version: '1', last_updated: 'x', required_tags: [{ name: 'Environment', allowed_values: ['production'] }] },
  'file',
);
const target = (before: string | undefined, after: string, more: Partial<PreviewTarget> = {}): PreviewTarget => ({
  type: 'ec2:instance',
  before: before === undefined ? {} : { Environment: before },
  after: { Environment: after },
  counted: true,
  cost: 10,
  ...more,
});
const times = (count: number, each: PreviewTarget): PreviewTarget[] => Array.from({ length: count }, () => each);
const gained = times(42, target(undefined, 'production'));
const lost = times(21, target('production', 'prod', { cost: 5 }));
const counts = { total: 1050, compliant: 714 };

describe('a projection', () => {
  it('worked example 6: 42 gained move .68 to .72', () => {
    expect(project(counts, gained, policy)).toEqual({
      current: 0.68,
      projected: 0.72,
      improvement: 0.04,
      gained: 42,
      lost: 0,
      gapReduction: 420,
    });
  });

  it('worked example 6: 21 that the value breaks count against it, in score and in money', () => {
    expect(project(counts, [...gained, ...lost], policy)).toMatchObject({
      projected: 0.7,
      improvement: 0.02,
      lost: 21,
      gapReduction: 315,
    });
  });

  it('ignores targets that are not counted, and those that stay as they are', () => {
    const others = [
      target(undefined, 'production', { counted: false }),
      target('production', 'production'),
      target('a', 'b'),
    ];
    expect(project(counts, others, policy)).toMatchObject({ improvement: 0, gained: 0, lost: 0, gapReduction: 0 });
  });

  it('never leaves 0 to 1, knows no ratio of nothing, and no money where no cost is known', () => {
    expect(project({ total: 1, compliant: 1 }, gained, policy).projected).toBe(1);
    expect(project({ total: 0, compliant: 0 }, gained, policy)).toMatchObject({ current: null, projected: null });
    const unknown = [target(undefined, 'production', { cost: null })];
    expect(project(counts, unknown, policy).gapReduction).toBeNull();
  });
});
