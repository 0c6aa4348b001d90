import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issue } from './issue.ts';
import { onGitHub } from './stand-in/hooks.ts';

describe('the issue of what lasts', () => {
  const { github, run } = onGitHub();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-issue-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const tell = async (label: string, text: string) => {
    const file = join(folder, 'text.md');
    await writeFile(file, text);
    return run(issue, ['--label', label, '--title', `About ${label}`, file]);
  };

  it('is opened once and then added to, label by label, until somebody closes it', async () => {
    await tell('drift', 'first');
    await tell('drift', 'second');
    await tell('cost', 'other');
    expect(github().issues.map(({ title, body, labels }) => [title, body, labels])).toEqual([
      ['About drift', 'first', [{ name: 'drift' }]],
      ['About cost', 'other', [{ name: 'cost' }]],
    ]);
    expect(github().comments).toMatchObject([{ issue: 1, body: 'second' }]);
    for (const each of github().issues) each.state = 'closed';
    await tell('drift', 'again');
    expect(github().issues.map(({ body }) => body)).toEqual(['first', 'other', 'again']);
  });

  it('takes a label, a title and a text', async () => {
    expect(await run(issue, ['--label', 'drift'])).toMatchObject({ code: 64 });
  });
});
