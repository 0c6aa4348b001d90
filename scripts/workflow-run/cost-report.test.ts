/** The weekly report of costs, run line by line against a stand-in for GitHub's API. */
import { onWorkflows } from './hooks.ts';

const { run, github, answer } = onWorkflows();
const everyMonday = () => run('cost-report.yml', { name: 'schedule' });

it('opens one issue, and adds the report of the next week to it', async () => {
  expect((await everyMonday()).result).toBe('success');
  expect((await everyMonday()).result).toBe('success');
  const { issues } = github();
  expect(issues.map(({ title }) => title)).toEqual(['Costs: the weekly report']);
  const told = JSON.stringify(github());
  expect(told.match(/# Costs\b/g)).toHaveLength(2);
});

it('says in the issue which environment could not be reviewed, and fails', async () => {
  await answer('cost:review', 'echo "The AWS credentials have expired" >&2; exit 1');
  expect((await everyMonday()).result).toBe('failure');
  expect(JSON.stringify(github().issues)).toContain('### Costs of prod could not be reviewed');
});
