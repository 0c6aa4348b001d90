/** What the workflows on GitHub promise: tests and a plan on each pull request, and no apply that nobody approved. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { weekendClock } from '../contracts/settings/weekend.ts';
import { environmentNames, readEnvironment } from '../modules/tfvars/read.ts';
import { environments } from './environments.ts';
import { runCommand } from './platform/command.ts';

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
      strategy: z.object({ matrix: z.record(z.string(), z.unknown()) }).optional(),
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

it('weekends have their own clock, which is that of every environment whose load balancer comes and goes', async () => {
  const crons = z
    .array(z.object({ cron: z.string() }))
    .parse((await load('weekend.yml')).on.schedule)
    .map(({ cron }) => cron);
  const root = resolve(folder, '../..');
  const regions = (
    await Promise.all((await environmentNames(root)).map((name) => readEnvironment(root, name)))
  ).flatMap((read) => read.regions);
  const comeAndGo = regions.filter((each) => each.weekend_only && each.destroy_albs_when_scaled_down);
  const wanted = [...comeAndGo, { weekend_hours_start: 6, weekend_hours_end: 22 }];
  expect(new Set(crons)).toEqual(new Set(wanted.flatMap(weekendClock)));
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

/** What each job may do besides reading the code. The token of AWS is given to jobs that plan, apply or read costs alone. */
const rights: Readonly<Record<string, readonly string[]>> = {
  'plan.yml environments': ['pull-requests: read'],
  'plan.yml plan': ['id-token: write'],
  'plan.yml comment': ['pull-requests: write'],
  // What it calls may have no more than it has itself.
  'apply.yml plan': ['id-token: write', 'pull-requests: write'],
  'apply.yml changed': ['actions: read'],
  'apply.yml apply': ['id-token: write'],
  'cost-report.yml review': ['id-token: write'],
  'cost-report.yml issue': ['issues: write'],
  'security-review.yml review': ['id-token: write'],
  'security-review.yml issue': ['issues: write'],
  'image.yml build': ['id-token: write', 'packages: write'],
  'image.yml propose': ['contents: write', 'pull-requests: write'],
  'cutover.yml warm': ['id-token: write'],
  'cutover.yml shift-10': ['id-token: write'],
  'cutover.yml shift-50': ['id-token: write'],
  'cutover.yml shift-100': ['id-token: write'],
  'cutover.yml finish': ['id-token: write'],
  'cutover.yml settle': ['contents: write', 'id-token: write', 'pull-requests: write'],
  'cutover.yml again': ['actions: write'],
  'cutover-settle.yml settle': ['contents: write', 'id-token: write', 'pull-requests: write'],
  'cutover-finish.yml finish': ['actions: write', 'id-token: write'],
  'cutover-finish.yml issue': ['issues: write'],
  'cutover-step.yml step': ['id-token: write'],
  'rollback.yml rollback': ['id-token: write'],
  'drift.yml compare': ['id-token: write'],
  'drift.yml issue': ['issues: write'],
  'weekend.yml apply': ['id-token: write'],
  'weekend.yml issue': ['issues: write'],
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

describe('which environments there are', () => {
  it('is in no workflow: each looks', async () => {
    for (const [name, { jobs }] of await all()) {
      for (const { strategy } of Object.values(jobs))
        expect([name, strategy?.matrix.environment ?? 'none']).toEqual([
          name,
          expect.stringMatching(/^(none|\$\{\{ fromJSON\(needs\.\w+\.outputs\.\w+\) \}\})$/),
        ]);
      const text = await readFile(join(folder, name), 'utf8');
      expect([name, text.match(/^(?! *#).*\b(staging|prod)\b.*$/m)?.[0]]).toEqual([name, undefined]);
    }
  });

  /** A repository with the files of `environments`, and what the step of a workflow puts out there. */
  const putOut = async (
    workflow: string,
    files: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>> => {
    const root = await mkdtemp(join(tmpdir(), 'countersign-workflow-'));
    try {
      await mkdir(join(root, 'environments'));
      for (const [file, text] of Object.entries(files)) await writeFile(join(root, 'environments', file), text);
      const lines: string[] = [];
      const out = (line: string) => void lines.push(line);
      const code = await runCommand(environments, ['--json'], { root, env: {}, out, err: () => {}, ask: undefined });
      await writeFile(join(root, 'listed'), lines.join('\n'));
      // In place of npm: the workflow's own checkout is not this folder.
      await mkdir(join(root, 'bin'));
      await writeFile(join(root, 'bin/npm'), `#!/bin/sh\ncat listed\nexit ${code}\n`, { mode: 0o755 });
      const run = (await load(workflow)).jobs.environments?.steps.find((step) => step.run?.includes('jq'))?.run ?? '';
      const env = {
        PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
        GITHUB_OUTPUT: join(root, 'output'),
        GITHUB_REPOSITORY: 'example/shop',
      };
      await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', run], { cwd: root, env });
      const output = (await readFile(join(root, 'output'), 'utf8')).trim().split('\n');
      return Object.fromEntries(
        output.map((line) => [line.split('=')[0], JSON.parse(line.slice(line.indexOf('=') + 1)) as unknown]),
      );
    } finally {
      await rm(root, { recursive: true });
    }
  };

  const shop = (more = '') =>
    `project_name = "shop"\naccount_id = "111122223333"\nregions = ["us-east-1"]\ncompute_mode = "lambda"\ningress_mode = "api-gateway"\nstore_mode = "dynamodb"\nauth = "cognito"\ndomain_name = "shop.example.com"\nhosted_zone_id = "Z0123456789"\n${more}`;
  const here = 'github_repository = "example/shop"\n';
  const files = {
    'production.tfvars': shop(here),
    'my env.tfvars': shop(`kind = "staging"\n${here}`),
    'qa.tfvars': shop('github_repository = "example/other"\n'),
    'test.tfvars': shop(),
    'broken.tfvars': shop('store_mode'),
  };

  it('is what its folder holds, dev first: a new file is planned, one of another repository only offline', async () => {
    expect(await putOut('plan.yml', files)).toEqual({
      all: ['test', 'my-env', 'qa', 'production', 'broken'],
      planned: ['my-env', 'production'],
    });
    for (const workflow of ['drift.yml', 'cost-report.yml', 'security-review.yml'])
      expect(await putOut(workflow, files)).toEqual({ planned: ['my-env', 'production'] });
    expect(await putOut('plan.yml', {})).toEqual({ all: [], planned: [] });
  });
});
