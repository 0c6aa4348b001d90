import { dispatch } from './dispatch.ts';
import { merge } from './merge.ts';
import { onGitHub } from './stand-in/hooks.ts';

describe('a pull request that asks nobody', () => {
  const { github, run } = onGitHub();
  const open = () => {
    const head = github().commit([github().main], 'work', new Map([['a', 'b']]));
    github().branches.set('work', head);
    return github().pull({ head: 'work' });
  };
  const ask = (number: number, head: string) => run(merge, ['--pull-request', `${number}`, '--head', head]);

  it('is merged at once where main takes it', async () => {
    const { number, head } = open();
    expect((await ask(number, head.sha)).out).toEqual(['Merged.']);
    expect(github().file('a')).toBe('b');
  });

  it('is merged by GitHub once the checks are green where main is protected', async () => {
    github().protected = true;
    const pull = open();
    expect((await ask(pull.number, pull.head.sha)).out).toEqual(['Is merged once its checks are green.']);
    expect(pull).toMatchObject({ merged: false, autoMerge: true });
  });

  it('waits for a person where GitHub does neither, and says why', async () => {
    github().protected = true;
    github().allowsAutoMerge = false;
    const { number, head } = open();
    const { code, out } = await ask(number, head.sha);
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^Left open for a person\. .*Required status check.*Auto merge is not allowed/);
  });

  it('is not merged at another commit than the one that was looked at', async () => {
    const { number } = open();
    expect(await ask(number, 'f'.repeat(40))).toMatchObject({ code: 1, told: expect.stringContaining('409') });
    expect(await run(merge, ['--pull-request', '1'])).toMatchObject({ code: 64 });
  });
});

describe('a workflow that is run again', () => {
  const { github, run } = onGitHub();
  it('gets its inputs and the branch', async () => {
    const args = ['--workflow', 'cutover.yml', '--input', 'environment=prod', '--input', 'region='];
    await run(dispatch, args, { env: { GITHUB_REF_NAME: 'main' } });
    expect(github().dispatches).toEqual([
      { workflow: 'cutover.yml', ref: 'main', inputs: { environment: 'prod', region: '' } },
    ]);
    expect(await run(dispatch, ['--workflow', '../x', '--ref', 'main'])).toMatchObject({ code: 64 });
    expect(await run(dispatch, [...args, '--input', 'x'], { env: { GITHUB_REF_NAME: 'main' } })).toMatchObject({
      code: 64,
    });
  });
});
