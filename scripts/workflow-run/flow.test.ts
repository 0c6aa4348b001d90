/** From an image to a settled cutover, as the workflows do it: two commits, an approval before traffic, and ways back. */
import { onWorkflows, settingsFile } from './hooks.ts';
import { later } from './scenarios.ts';
import type { Event, Run } from './world.ts';

const dispatched = (more: Record<string, string> = {}): Event => ({
  name: 'workflow_dispatch',
  inputs: { environment: 'prod', ...more },
});

describe('the pull-request flow', () => {
  const { github, run, withApp, reviewers, put, record, called, denied, arnOf } = onWorkflows();
  const cutOver = () => run('cutover.yml', dispatched());
  const resultsOf = ({ jobs }: Run): Record<string, string> =>
    Object.fromEntries([...jobs].map(([name, { result }]) => [name, result]));
  const logOf = ({ jobs }: Run): string => [...jobs.values()].map(({ log }) => log).join('\n');
  const setting = (name: string) => new RegExp(`^${name} += "(.*)"`, 'm').exec(github().file(settingsFile) ?? '')?.[1];
  /** Commits on main since the beginning, each with what it changed. */
  const commitsOnMain = (): number => {
    let count = 0;
    for (let at = github().at('main'); at?.parents[0] !== undefined; at = github().at(at.parents[0])) count += 1;
    return count;
  };

  it('is an image, two commits, and approvals before an apply and before traffic', async () => {
    const built = await run('image.yml', dispatched({ tag: 'v2' }));
    expect(built).toMatchObject({ result: 'success', approvals: [], roles: [['build', arnOf('image')]] });
    const [proposed] = github().pulls;
    expect(proposed).toMatchObject({
      title: 'prod: new image_green',
      body: expect.stringContaining('v2, of https://'),
    });
    if (proposed === undefined) throw new Error('nothing was proposed');
    github().merge(proposed);
    expect(setting('image_green')).toMatch(/@sha256:[0-9a-f]{64}$/);

    const ended = await cutOver();
    expect(resultsOf(ended)).toEqual({
      look: 'success',
      'warm / step': 'success',
      'shift-10 / step': 'success',
      'shift-50 / step': 'success',
      'shift-100 / step': 'success',
      'finish / step': 'success',
      'settle / settle': 'success',
      again: 'skipped',
    });
    expect(ended.approvals).toEqual([
      'warm / step',
      'shift-10 / step',
      'shift-50 / step',
      'shift-100 / step',
      'finish / step',
    ]);
    expect(await record()).toMatchObject({ state: 'finished', live: { blue: 0, green: 100 } });
    expect(setting('active_colour')).toBe('green');
    expect(github().pulls.map(({ merged }) => merged)).toEqual([true, true]);
    expect(commitsOnMain()).toBe(2);
    expect(denied()).toEqual([]);
  });

  it('moves traffic with the role of cutovers, and the store with that of applies', async () => {
    const { roles } = await cutOver();
    expect(new Set(roles.map(([, role]) => role))).toEqual(new Set([arnOf('cutover'), arnOf('apply'), arnOf('plan')]));
    expect(roles.filter(([, role]) => role === arnOf('apply')).map(([job]) => job)).toEqual(['warm / step']);
    expect(roles.filter(([, role]) => role === arnOf('plan')).map(([job]) => job)).toEqual(['settle / settle']);
    expect(await called('migrate')).toEqual(['--colour green --yes']);
  });

  it('begins no step that nobody approved', async () => {
    reviewers((_, job) => !job.startsWith('shift-50'));
    const ended = await cutOver();
    expect(resultsOf(ended)).toMatchObject({
      'shift-10 / step': 'success',
      'shift-50 / step': 'failure',
      settle: 'skipped',
    });
    expect(await record()).toMatchObject({ state: 'baking', share: 10 });
    expect(setting('active_colour')).toBeUndefined();
  });

  it('goes back without a commit, and says so in red', async () => {
    await put('cutover-at-50', 'set_to rolled-back 0; answer went-back "Too many errors."; exit 3');
    const ended = await cutOver();
    expect(ended.result).toBe('failure');
    expect(logOf(ended)).toContain(
      '::error::Rolled back: what was in service before has all traffic, and you need not commit anything. Too many errors.',
    );
    expect(resultsOf(ended)).toMatchObject({ 'shift-100': 'skipped', settle: 'skipped', again: 'skipped' });
    expect([commitsOnMain(), github().pulls]).toEqual([0, []]);
    expect(await cutOver()).toMatchObject({ result: 'failure' });
    expect((await called('cutover')).filter((call) => call.endsWith('start'))).toHaveLength(2);
  });

  it('is rolled back by a workflow of its own while another waits, without a commit', async () => {
    reviewers((_, job) => !job.startsWith('shift-50'));
    await cutOver();
    reviewers(() => true);
    expect(await run('rollback.yml', dispatched())).toMatchObject({
      result: 'success',
      approvals: ['rollback'],
      roles: [['rollback', arnOf('cutover')]],
    });
    expect(await record()).toMatchObject({ state: 'rolled-back', live: { blue: 100, green: 0 } });
    expect([commitsOnMain(), github().pulls]).toEqual([0, []]);
  });

  it('goes back when somebody cancels it', async () => {
    await put('cutover-at-50', 'echo CANCELLED >&2; exit 130');
    expect(await cutOver()).toMatchObject({ result: 'cancelled' });
    expect(await record()).toMatchObject({ state: 'rolled-back', live: { blue: 100, green: 0 } });
  });

  it('is run again with the same inputs where the credentials end too soon', async () => {
    await put('cutover-at-50', `rm "$STAND_INS/cutover-at-50"; ${later}`);
    expect(await cutOver()).toMatchObject({ result: 'success' });
    expect(github().dispatches).toEqual([
      { workflow: 'cutover.yml', ref: 'main', inputs: { environment: 'prod', region: '' } },
    ]);
    const [again] = github().dispatches;
    expect(await run('cutover.yml', { name: 'workflow_dispatch', inputs: again?.inputs ?? {} })).toMatchObject({
      result: 'success',
    });
    expect(setting('active_colour')).toBe('green');
  });

  it('says when to come back where the old colour is kept for longer, and runs nothing by itself', async () => {
    await put(
      'cutover-at-finished',
      'rm "$STAND_INS/cutover-at-finished"; answer later "blue is kept until tomorrow."; exit 75',
    );
    const ended = await cutOver();
    expect(logOf(ended)).toMatch(/::warning::blue is kept until tomorrow\.\n::warning::Run this workflow again then/);
    expect([ended.result, github().dispatches, github().pulls]).toEqual(['success', [], []]);
    expect(await cutOver()).toMatchObject({ result: 'success' });
    expect(setting('active_colour')).toBe('green');
  });

  it('moves instances, and versions of a function, as it moves colours, with nothing to migrate or to commit', async () => {
    const environment = { label: 'prod', repository: 'example/countersign', container: 'countersign', colours: [] };
    await put('environments.json', JSON.stringify([{ ...environment, cutover: 'instances', holds: false }]));
    const ended = await cutOver();
    expect(resultsOf(ended)).toMatchObject({ 'finish / step': 'success', settle: 'skipped', again: 'skipped' });
    expect(new Set(ended.roles.map(([, role]) => role))).toEqual(new Set([arnOf('cutover')]));
    expect(await called('migrate')).toEqual([]);
    expect([commitsOnMain(), github().pulls]).toEqual([0, []]);
    expect((await called('cutover')).filter((call) => call.endsWith('start'))).toHaveLength(1);
    expect((await run('rollback.yml', dispatched())).roles).toEqual([['rollback', arnOf('cutover')]]);
  });

  describe('on a clock', () => {
    const clock = () => run('cutover-finish.yml', { name: 'schedule' });
    const holding = (ends: string) => async (): Promise<void> => {
      const environment = { label: 'prod', repository: 'example/countersign', cutover: 'colours', holds: true };
      await put('environments.json', JSON.stringify([environment]));
      await put('cutover.json', '{"state":"holding","way":"load-balancer","share":100,"live":{"blue":0,"green":100}}');
      await put('cutover-at-finished', ends);
    };

    it('is finished once the way back was kept open long enough, and then settled, without another approval', async () => {
      await holding(':')();
      const ended = await clock();
      expect(ended).toMatchObject({ result: 'success', roles: [['finish (prod)', arnOf('cutover')]] });
      expect(await record()).toMatchObject({ state: 'finished' });
      expect(github().dispatches).toEqual([
        { workflow: 'cutover-settle.yml', ref: 'main', inputs: { environment: 'prod' } },
      ]);
      await run('cutover-settle.yml', dispatched());
      expect(setting('active_colour')).toBe('green');
    });

    it('comes again later while it is to be kept open, and says until when', async () => {
      await holding('answer later "blue is kept until tomorrow."; exit 75')();
      const ended = await clock();
      expect([ended.result, github().dispatches]).toEqual(['success', []]);
      expect(logOf(ended)).toContain('::notice::us-east-1: blue is kept until tomorrow.');
    });

    it('touches no cutover that waits for an approval, and none that is over', async () => {
      for (const state of ['baking', 'finished']) {
        await holding(':')();
        await put(
          'cutover.json',
          JSON.stringify({ state, way: 'load-balancer', share: 50, live: { blue: 50, green: 50 } }),
        );
        await clock();
      }
      expect((await called('cutover')).filter((call) => !call.endsWith('status'))).toEqual([]);
    });
  });

  it('leaves the last pull request to a person where its plan is not empty', async () => {
    await put('plan.json', '{"format_version":"1.2","output_changes":{"x":{"actions":["update"]}}}');
    await cutOver();
    expect(github().pulls).toMatchObject([{ state: 'open', merged: false, autoMerge: false }]);
    expect(github().comments).toMatchObject([
      { issue: 1, body: expect.stringContaining('Not empty, so a person merges it.') },
    ]);
  });

  it('has the last pull request merged by GitHub once its checks are green where main is protected', async () => {
    github().protected = true;
    withApp();
    expect(logOf(await cutOver())).toContain('Is merged once its checks are green.');
    expect(github().pulls).toMatchObject([{ state: 'open', autoMerge: true }]);
  });

  it('takes an environment that is there, of this repository and with cutovers, and no other', async () => {
    for (const environment of ['dev', 'nowhere', '../x']) {
      const ended = await run('cutover.yml', dispatched({ environment }));
      expect(ended.result).toBe('failure');
      expect(logOf(ended)).toContain(`::error::environments/ has no file for ${environment} with`);
      expect(ended.approvals).toEqual([]);
    }
  });
});
