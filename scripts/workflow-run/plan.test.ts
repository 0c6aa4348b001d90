/** What a pull request is told, what makes it red, and whom an apply asks. */
import { onWorkflows } from './hooks.ts';
import { harmlessPlan } from './scenarios.ts';
import type { Event } from './world.ts';

const tags = { Project: 'p', Environment: 'prod', ManagedBy: 'countersign', Stack: 's' };
const definition = (colour: string) => `aws_ecs_task_definition.${colour}`;

/** A plan that gives a colour other tasks, while blue has all traffic. */
const planThatRolls = (colour: 'blue' | 'green'): string => {
  const colours = ['blue', 'green'];
  const resources = colours.flatMap((each) => [
    { address: `aws_lb_target_group.${each}`, type: 'aws_lb_target_group', values: { arn: each } },
    { address: definition(each), type: 'aws_ecs_task_definition', values: { family: each } },
    {
      address: `aws_ecs_service.${each}`,
      type: 'aws_ecs_service',
      values: { task_definition: `${each}:1`, load_balancer: [{ target_group_arn: each }] },
    },
  ]);
  const target_group = [
    { arn: 'blue', weight: 100 },
    { arn: 'green', weight: 0 },
  ];
  const rule = { action: [{ forward: [{ target_group }] }] };
  return JSON.stringify({
    format_version: '1.2',
    resource_changes: [
      {
        address: definition(colour),
        mode: 'managed',
        type: 'aws_ecs_task_definition',
        name: colour,
        change: {
          actions: ['create', 'delete'],
          before: { family: colour, tags },
          after: { family: colour, tags, tags_all: tags },
        },
      },
    ],
    prior_state: {
      values: {
        root_module: {
          resources: [
            ...resources,
            { address: 'aws_lb_listener_rule.live', type: 'aws_lb_listener_rule', values: rule },
          ],
        },
      },
    },
  });
};

describe('a pull request and its apply', () => {
  const { github, run, reviewers, put, answer, called, denied, arnOf } = onWorkflows();
  beforeEach(async () => {
    const listed = [{ label: 'prod', name: 'prod', repository: 'example/countersign' }];
    await answer('environments', `echo '${JSON.stringify(listed)}'`);
  });
  const opened = () => {
    const head = github().commit([github().main], 'work', new Map());
    github().branches.set('work', head);
    return github().pull({ head: 'work' });
  };
  const asked = ({ number, head }: ReturnType<typeof opened>): Event => ({
    name: 'pull_request',
    payload: { pull_request: { number, head: { sha: head.sha, repo: { full_name: 'example/countersign' } } } },
  });

  it('is red where the plan touches live blue, until somebody labels it; and has one comment all the time', async () => {
    await put('plan.json', planThatRolls('blue'));
    const pull = opened();
    const { result, jobs, roles } = await run('plan.yml', asked(pull));
    expect([result, jobs.get('plan (prod)')?.result]).toEqual(['failure', 'failure']);
    expect(roles).toEqual([['plan (prod)', arnOf('plan')]]);
    const [comment] = github().comments;
    expect(comment?.body).toContain(
      'aws_ecs_task_definition.blue would change in place while its colour has weight 100 in aws_lb_listener_rule.live',
    );
    expect(comment?.body).toContain('| prod | 90.00 | 120.50 | **+30.50** | 350.00, 34 % used |');

    github().label(pull.number, 'roll-active');
    expect(await run('plan.yml', asked(pull))).toMatchObject({ result: 'success' });
    expect(github().comments).toHaveLength(1);
    expect(denied()).toEqual([]);
  });

  it('is green where the plan touches the idle colour only', async () => {
    await put('plan.json', planThatRolls('green'));
    expect(await run('plan.yml', asked(opened()))).toMatchObject({ result: 'success' });
  });

  it('is checked again on main, with the labels it was merged with', async () => {
    // Green was idle when the pull request was planned; a cutover has made it the one in service since.
    await put(
      'plan.json',
      planThatRolls('green')
        .replace('"arn":"blue","weight":100', '"arn":"blue","weight":0')
        .replace('"arn":"green","weight":0', '"arn":"green","weight":100'),
    );
    const pull = opened();
    const push: Event = { name: 'push', sha: github().merge(pull) };
    expect(await run('apply.yml', push)).toMatchObject({ result: 'failure', approvals: [] });
    expect(await called('deploy')).toEqual([]);
    github().label(pull.number, 'roll-active', 'allow-stateful-destroy');
    expect(await run('apply.yml', push)).toMatchObject({ result: 'success', approvals: ['apply (prod)'] });
    expect(await called('deploy')).toEqual(['--yes --allow-stateful-destroy']);
  });

  it('is applied once the environment has approved it, with its own role', async () => {
    await put('plan.json', harmlessPlan);
    reviewers(() => false);
    expect(await run('apply.yml', { name: 'push' })).toMatchObject({ result: 'failure' });
    expect(await called('deploy')).toEqual([]);
    reviewers(() => true);
    const { roles } = await run('apply.yml', { name: 'push' });
    expect(roles).toEqual([
      ['plan / plan (prod)', arnOf('plan')],
      ['apply (prod)', arnOf('apply')],
    ]);
    expect(await called('deploy')).toEqual(['--yes']);
  });

  it('asks nobody where nothing would change', async () => {
    reviewers(() => {
      throw new Error('somebody was asked');
    });
    const { result, jobs, approvals } = await run('apply.yml', { name: 'push' });
    expect([result, jobs.get('apply')?.result, approvals]).toEqual(['success', 'skipped', []]);
  });
});
