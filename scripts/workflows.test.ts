/** What the workflows on GitHub promise: tests and a plan on each pull request, and no apply that nobody approved. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = resolve(import.meta.dirname, '..', '.github/workflows');
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()).default({}),
  jobs: z.record(
    z.string(),
    z.object({
      uses: z.string().optional(),
      permissions: z.record(z.string(), z.string()).default({}),
      environment: z.string().optional(),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })).default([]),
    }),
  ),
});
const load = async (name: string) => Workflow.parse(parse(await readFile(join(folder, name), 'utf8')));
const commandsOf = ({ jobs }: z.infer<typeof Workflow>): string =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.map(({ run = '' }) => run))
    .join('\n');

it('a pull request is checked, tested and planned', async () => {
  const plan = await load('plan.yml');
  expect(Object.keys(plan.on)).toContain('pull_request');
  expect(commandsOf(plan)).toMatch(/npm run check[\s\S]*npm run test:jest[\s\S]*npm run --silent plan/);
});

it('what is applied waits for the approval of its environment', async () => {
  const { jobs } = await load('apply.yml');
  const applying = Object.values(jobs).filter(({ steps }) => steps.some(({ run = '' }) => /\bdeploy\b/.test(run)));
  expect(applying.length).toBeGreaterThan(0);
  for (const { environment } of applying) expect(environment).toBe('${{ matrix.environment }}');
});

const all = async () => Promise.all((await readdir(folder)).map(async (name) => [name, await load(name)] as const));

it('what they run is there', async () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(resolve(folder, '../../package.json'), 'utf8')));
  for (const [name, workflow] of await all()) {
    const commands = commandsOf(workflow);
    for (const [, script = ''] of commands.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      expect([name, script, Object.hasOwn(scripts, script)]).toEqual([name, script, true]);
    for (const [, file = ''] of commands.matchAll(/(?:node |^)([\w./-]+\.ts|\.ci\/\w+)/gm))
      await expect(access(resolve(folder, '../..', file))).resolves.toBeUndefined();
  }
});

it('each action is pinned to a whole version, and terraform to the same one everywhere', async () => {
  const versions = new Map<string, string>();
  for (const [name, { jobs, env }] of await all()) {
    if (env.TERRAFORM_VERSION !== undefined)
      versions.set('terraform', versions.get('terraform') ?? env.TERRAFORM_VERSION);
    if (env.TERRAFORM_VERSION !== undefined)
      expect([name, env.TERRAFORM_VERSION]).toEqual([name, versions.get('terraform')]);
    for (const uses of Object.values(jobs).flatMap(({ steps, uses: called }) => [
      called,
      ...steps.map((step) => step.uses),
    ])) {
      if (uses === undefined || uses.startsWith('./')) continue;
      const [action = '', version = ''] = uses.split('@');
      expect(uses).toMatch(/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/);
      expect([action, version]).toEqual([action, versions.get(action) ?? version]);
      versions.set(action, version);
    }
  }
});

/** What each job may do besides reading the code. The token of AWS is given to jobs that plan or apply alone. */
const rights: Readonly<Record<string, readonly string[]>> = {
  'plan.yml plan': ['id-token: write'],
  'plan.yml comment': ['pull-requests: write'],
  // What it calls may have no more than it has itself.
  'apply.yml plan': ['id-token: write', 'pull-requests: write'],
  'apply.yml changed': ['actions: read', 'pull-requests: read'],
  'apply.yml apply': ['id-token: write'],
  'drift.yml compare': ['id-token: write'],
  'drift.yml issue': ['issues: write'],
};

it('each job has the rights it needs, and no other', async () => {
  const given = (await all()).flatMap(([name, { jobs }]) =>
    Object.entries(jobs).map(([job, { permissions }]) => {
      const more = Object.entries(permissions).map(([what, right]) => `${what}: ${right}`);
      return [`${name} ${job}`, more.filter((right) => right !== 'contents: read').sort()] as const;
    }),
  );
  expect(Object.fromEntries(given.filter(([, more]) => more.length > 0))).toEqual(rights);
});

it('no code of a pull request runs with rights of the repository', async () => {
  for (const [name, { on, jobs }] of await all()) {
    expect([name, ...Object.keys(on)]).not.toEqual(expect.arrayContaining(['pull_request_target']));
    expect([name, ...Object.keys(on)]).not.toEqual(expect.arrayContaining(['workflow_run']));
    // What somebody else wrote must not become part of a command.
    for (const { run = '' } of Object.values(jobs).flatMap(({ steps }) => steps))
      expect(run).not.toMatch(/\$\{\{[^}]*\b(title|body|head_ref|head\.ref|label|name|message)\b/);
  }
});

it('none has a right it does not name, or a key of AWS', async () => {
  for (const name of await readdir(folder)) {
    expect((await load(name)).permissions).toEqual({});
    expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/aws-(secret-)?access-key/);
  }
});
