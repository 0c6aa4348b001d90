import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../modules/testing/synthesized.ts';
import { proposeCommand } from './propose.ts';
import { withSetting } from './settings-text.ts';
import { onGitHub } from './stand-in/hooks.ts';

const prod = readFileSync(join(repository, 'environments/prod.tfvars'), 'utf8');
const path = 'environments/prod.tfvars';
const image = (letter: string) =>
  `111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign@sha256:${letter.repeat(64)}`;

describe('a pull request that changes one setting', () => {
  const { github, run } = onGitHub(() => ({ [path]: prod, 'README.md': 'read me' }));
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-propose-'));
    await mkdir(join(root, 'environments'));
    await writeFile(join(root, path), prod);
  });
  afterEach(() => rm(root, { recursive: true }));
  const propose = (...args: string[]) => run(proposeCommand, ['--environment', 'prod', ...args], { root });
  const changedLines = (before: string, after: string | undefined) =>
    (after ?? '').split('\n').filter((line) => !before.split('\n').includes(line));

  it('gives the idle colour its image, in one commit on top of main that touches one line', async () => {
    const { code, out } = await propose('--idle-image', image('a'), '--note', 'From a run.');
    const [pull] = github().pulls;
    expect({ code, out }).toEqual({ code: 0, out: [`number=${pull?.number}`, `head=${pull?.head.sha}`] });
    expect(pull).toMatchObject({ title: 'prod: new image_green', body: expect.stringMatching(/From a run\.$/) });
    const commit = github().at(pull?.head.sha ?? '');
    expect(commit?.parents).toEqual([github().main]);
    expect(commit?.files.get('README.md')).toBe('read me');
    expect(changedLines(prod, commit?.files.get(path))).toEqual([`image_green     = "${image('a')}"`]);
  });

  it('is the same one when it is proposed again, on top of what main has become', async () => {
    await propose('--idle-image', image('a'));
    const files = new Map(github().at('main')?.files).set(path, `${prod}# meanwhile\n`);
    github().branches.set('main', github().commit([github().main], 'meanwhile', files));
    await propose('--idle-image', image('b'));
    expect(github().pulls).toHaveLength(1);
    const commit = github().at(github().pulls[0]?.head.sha ?? '');
    expect(commit?.parents).toEqual([github().main]);
    expect(commit?.files.get(path)).toMatch(/image_green +=.*@sha256:b{64}"[\s\S]*# meanwhile/);
  });

  it('says which colour is in service, and after that the other one is idle', async () => {
    const { out } = await propose('--active-colour', 'green');
    const text =
      github()
        .at(out[1]?.replace('head=', '') ?? '')
        ?.files.get(path) ?? '';
    expect(changedLines(prod, text)).toEqual(['active_colour   = "green"']);
    expect(github().pulls[0]).toMatchObject({ title: 'prod: green is in service' });
    await writeFile(join(root, path), text);
    github().merge(github().pulls[0] ?? github().pull({ head: 'none' }));
    await propose('--idle-image', image('c'));
    expect(github().pulls[1]?.title).toBe('prod: new image_blue');
  });

  it('is none where the file says so already', async () => {
    expect(await propose('--active-colour', 'blue')).toMatchObject({
      out: [expect.stringMatching(/^number=\d/), expect.anything()],
    });
    github().merge(github().pulls[0] ?? github().pull({ head: 'none' }));
    const { code, out } = await propose('--active-colour', 'blue');
    expect({ code, out }).toEqual({ code: 0, out: ['number=', 'head='] });
  });

  it('takes an image by its digest alone, and a right to write', async () => {
    expect(await propose('--idle-image', 'countersign:v2')).toMatchObject({ code: 1 });
    expect(await propose()).toMatchObject({ code: 64 });
    const args = ['--environment', 'prod', '--active-colour', 'green'];
    const rights = { contents: 'read', 'pull-requests': 'write' };
    expect(await run(proposeCommand, args, { root }, rights)).toMatchObject({
      code: 1,
      told: expect.stringContaining('GitHub answers 403'),
    });
  });
});

describe('one setting in a file', () => {
  const set = (text: string, name: string, value: string, file = path) => withSetting(file, text, name, value);

  it.each<[what: string, text: string, name: string, value: string, changed: string]>([
    [
      'one that stands is replaced, with what was said of it',
      'a = 1\nimage_green   = "x:1" # v1\nb = 2\n',
      'image_green',
      'x:2',
      'a = 1\nimage_green   = "x:2"\nb = 2\n',
    ],
    [
      'a new one stands beside its neighbour',
      'container_image = "x:1"\nb = 2\n',
      'image_green',
      'x:2',
      'container_image = "x:1"\nimage_green     = "x:2"\nb = 2\n',
    ],
    [
      'a new one without a neighbour stands last',
      'b = 2',
      'active_colour',
      'green',
      'b = 2\nactive_colour = "green"\n',
    ],
    [
      'one of the same name below another stays',
      'c = {\n  image_green = "no"\n}\n',
      'image_green',
      'x:2',
      'c = {\n  image_green = "no"\n}\nimage_green = "x:2"\n',
    ],
    [
      'one in a comment stays',
      '# image_green = "no"\nb = 2\n',
      'image_green',
      'x:2',
      '# image_green = "no"\nb = 2\nimage_green = "x:2"\n',
    ],
    [
      'endings of lines stay',
      'blue_green = true\r\nb = 2\r\n',
      'active_colour',
      'green',
      'blue_green = true\r\nactive_colour = "green"\r\nb = 2\r\n',
    ],
    ['what is right already stays', 'image_green = "x:2" # v2\n', 'image_green', 'x:2', 'image_green = "x:2" # v2\n'],
  ])('%s', async (_, text, name, value, changed) => {
    expect(await set(text, name, value)).toBe(changed);
  });

  it('is changed in JSON too', async () => {
    const file = 'environments/prod.tfvars.json';
    expect(JSON.parse(await set('{"a": 1, "image_green": "x:1"}', 'image_green', 'x:2', file))).toEqual({
      a: 1,
      image_green: 'x:2',
    });
  });

  it('is left to a person where something else would change with it', async () => {
    await expect(set('image_green = <<EOT\nx\nEOT\n', 'image_green', 'x:2')).rejects.toThrow(
      'write image_green = "x:2"',
    );
  });
});
