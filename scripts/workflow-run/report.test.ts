/** Reports on a clock, run line by line against a stand-in for GitHub's API. */
import { onWorkflows } from './hooks.ts';

const { run, github, answer } = onWorkflows();

describe.each([
  [
    'cost-report.yml',
    'cost:review',
    'Costs: the weekly report',
    /# Costs\b/g,
    '### Costs of prod could not be reviewed',
  ],
  [
    'security-review.yml',
    'security:review',
    'Security: the monthly review',
    /# Security\b/g,
    '### prod could not be reviewed',
  ],
])('%s', (file, command, title, heading, failure) => {
  const onTime = () => run(file, { name: 'schedule' });

  it('opens one issue, and adds the next report to it', async () => {
    expect((await onTime()).result).toBe('success');
    expect((await onTime()).result).toBe('success');
    expect(github().issues.map((issue) => issue.title)).toEqual([title]);
    expect(JSON.stringify(github()).match(heading)).toHaveLength(2);
  });

  it('says in the issue which environment could not be reviewed, and fails', async () => {
    await answer(command, 'echo "The AWS credentials have expired" >&2; exit 1');
    expect((await onTime()).result).toBe('failure');
    expect(JSON.stringify(github().issues)).toContain(failure);
  });
});
