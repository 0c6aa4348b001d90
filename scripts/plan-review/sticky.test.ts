import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onGitHub } from '../github/stand-in/hooks.ts';
import { sticky } from './sticky.ts';

describe('the comment that sticks', () => {
  const { github, run } = onGitHub();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-sticky-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const post = async (body: string, args?: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const file = join(folder, 'comment.md');
    await writeFile(file, body);
    const { code, told } = await run(sticky, args ?? ['--pull-request', '12', file], { env });
    return { code, told };
  };
  const bodies = () => github().comments.map(({ body }) => body);
  const mark = '<!-- countersign-plan:dev -->';

  it('is posted once and then written anew, however many others there are', async () => {
    for (let index = 0; index < 150; index += 1) github().comment(12, 'so?', 'ada');
    expect(await post(`${mark}\nfirst`)).toEqual({ code: 0, told: 'Posted.' });
    expect(await post(`${mark}\nsecond`)).toEqual({ code: 0, told: 'Written anew.' });
    expect(bodies().filter((body) => body.startsWith(mark))).toEqual([`${mark}\nsecond`]);
  });

  it('is one a title, and never somebody else’s', async () => {
    github().comment(12, `${mark}\nmine`, 'mallory');
    await post(`${mark}\nplan`);
    await post('<!-- countersign-plan:prod -->\nplan');
    expect(bodies()).toEqual([`${mark}\nmine`, `${mark}\nplan`, '<!-- countersign-plan:prod -->\nplan']);
  });

  it('says what is missing or refused', async () => {
    expect(await post('no marker')).toMatchObject({ code: 1, told: expect.stringContaining('marker') });
    expect(await post(mark, ['x.md'])).toMatchObject({
      code: 64,
      told: expect.stringContaining('Name the pull request'),
    });
    expect(await post(mark, undefined, { GITHUB_TOKEN: 'stale' })).toEqual({
      code: 1,
      told: 'GitHub answers 401 to GET /repos/o/r/issues/12/comments?per_page=100&page=1: Bad credentials.',
    });
    expect(await post(mark, undefined, { GITHUB_TOKEN: '' })).toEqual({ code: 1, told: 'GITHUB_TOKEN is not set.' });
  });
});
