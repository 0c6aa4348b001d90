import { actionsAllowed, rulesOf } from '../testing/policy.ts';
import { primaryDeploymentOf, synthesized } from '../testing/synthesized.ts';
import type { StorageOutputs } from './outputs.ts';
import { Work } from './work.ts';

const table = (name: string) => ({ name, arn: `arn:${name}` });
const storage: StorageOutputs = {
  keys: {},
  tables: { snapshots: table('snapshots'), 'approved-accounts': table('approved-accounts'), people: table('people') },
  buckets: { archive: { name: 'archive', arn: 'arn:aws:s3:::archive' } },
  secrets: {},
  database: { host: 'h', port: '5432', name: 'n', identifier: 'cs-db', arn: 'arn:db', secretArn: 's' },
};

const build = async (name: string, changes: Record<string, unknown> = {}) => {
  const deployment = await primaryDeploymentOf(name, changes);
  const kept: { work?: Work } = {};
  const made = synthesized((stack) => {
    kept.work = new Work(stack, 'work', { deployment, storage });
  });
  return { made, work: kept.work };
};

describe('work that no request waits for', () => {
  it('is none where nothing asks for it', async () => {
    expect((await build('dev')).made.addresses).toEqual([]);
  });

  it('has the queues of the settings, each with its dead-letter queue', async () => {
    const { work } = await build('dev', { queues: ['evaluations'] });
    expect(work?.queues).toEqual({
      evaluations: 'countersign-dev-evaluations',
      'evaluations-dead-letter': 'countersign-dev-evaluations-dead',
    });
    expect(work?.queueArns).toHaveLength(1);
  });

  it('has the queue of jobs where one carries them, with a tick each minute', async () => {
    const { made, work } = await build('dev', { job_queue: 'sqs', queues: ['evaluations'] });
    expect(work?.queues).toMatchObject({
      jobs: 'countersign-dev-jobs',
      'jobs-dead-letter': 'countersign-dev-jobs-dead',
    });
    // The service may use it by a statement of its own.
    expect(work?.queueArns).toHaveLength(1);
    expect(work?.queueArns).not.toContain(work?.jobsQueueArn);
    expect(made.one('aws_scheduler_schedule')).toMatchObject({
      name: 'countersign-dev-scheduled-tick',
      schedule_expression: 'rate(1 minute)',
      target: { input: expect.stringContaining('"kind" = "tick"'), arn: expect.stringMatching(/queue-jobs_work/) },
    });
    expect(made.one('aws_iam_role')).toMatchObject({ name: 'countersign-dev-scheduled-role' });
    const rules = rulesOf(made, 'work_scheduled_sender_permissions');
    expect(actionsAllowed(rules)).toEqual(['sqs:SendMessage']);
    expect(rules.flatMap(({ resources }) => resources)).toEqual([expect.stringMatching(/queue-jobs_work/)]);
  });

  it('marketing prod: exports what can be returned to, daily', async () => {
    const { made } = await build('examples/marketing/prod');
    const names = (type: string) => Object.values(made.all(type)).map(({ name }) => name);
    expect(names('aws_scheduler_schedule')).toEqual(
      expect.arrayContaining(['marketing-mcp-export-approved-accounts', 'marketing-mcp-export-snapshots']),
    );
    expect(names('aws_iam_role')).toContain('marketing-mcp-export-role');
  });

  it('stops a database between weekends', async () => {
    const { made } = await build('staging', { weekend_only: true });
    expect(Object.keys(made.all('aws_scheduler_schedule'))).toHaveLength(2);
    expect(made.one('aws_iam_role')).toMatchObject({ name: 'countersign-staging-database-hours-role' });
  });
});
