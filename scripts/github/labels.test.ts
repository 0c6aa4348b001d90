import { labels } from './labels.ts';
import { onGitHub } from './stand-in/hooks.ts';

const commit = 'a'.repeat(40);

describe('what labels allow', () => {
  const { github, run } = onGitHub();

  it('is asked for when it is needed, not taken from the event', async () => {
    const { number } = github().pull({ head: 'work', commit });
    expect(await run(labels, ['--pull-request', `${number}`])).toMatchObject({ code: 0, out: ['policy=', 'deploy='] });
    github().label(number, 'roll-active', 'bug');
    expect((await run(labels, ['--pull-request', `${number}`])).out).toEqual(['policy=--allow roll-active', 'deploy=']);
    github().label(number, 'allow-stateful-destroy');
    expect((await run(labels, ['--pull-request', `${number}`])).out).toEqual([
      'policy=--allow stateful-destroy --allow roll-active',
      'deploy=--allow-stateful-destroy',
    ]);
  });

  it('is that of the pull request which a commit came with; a commit without one allows nothing', async () => {
    const { number } = github().pull({ head: 'work', commit });
    github().label(number, 'roll-active');
    expect((await run(labels, ['--commit', commit])).out).toEqual(['policy=--allow roll-active', 'deploy=']);
    expect((await run(labels, ['--commit', 'b'.repeat(40)])).out).toEqual(['policy=', 'deploy=']);
  });

  it('is asked for one of both', async () => {
    expect(await run(labels, [])).toMatchObject({ code: 64 });
    expect(await run(labels, ['--commit', commit, '--pull-request', '1'])).toMatchObject({ code: 64 });
    expect(await run(labels, ['--pull-request', '1; rm'])).toMatchObject({ code: 64 });
  });
});
