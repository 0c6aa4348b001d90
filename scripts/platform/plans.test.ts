import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlans, toApply } from './apply.ts';
import type { Host } from './command.ts';
import { confirm } from './confirm.ts';
import { planStacks } from './plans.ts';
import { OperatorProblem } from './problem.ts';
import { type Terraform, TerraformFailure } from './terraform.ts';
import type { Stack } from './workspace.ts';

interface Says {
  /** Error of a plan. */
  readonly plan?: string;
  readonly code?: number;
  readonly outputs?: boolean;
  readonly apply?: string;
}

/** A terraform that does as it is told, and keeps what it was asked. */
const scripted = (says: Readonly<Record<string, Says>>) => {
  const asked: string[] = [];
  const terraform: Terraform = {
    version: '1.11.4',
    run: async ({ name, folder }, [verb = '', ...args]) => {
      if (verb === 'init') {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, '.terraform.lock.hcl'), `# ${name}`, { flag: 'wx' }).catch(() => {});
      }
      asked.push([verb, name, ...args.filter((arg) => arg === '-destroy' || arg === '-lock=false')].join(' '));
      const { plan, apply, code = 2, outputs = false } = says[name] ?? {};
      const failure = verb === 'plan' ? plan : verb === 'apply' ? apply : undefined;
      if (failure !== undefined) throw new TerraformFailure(failure, failure);
      const output_changes = outputs ? { vpcId: { actions: ['create'] } } : {};
      const stdout = verb === 'show' ? JSON.stringify({ format_version: '1.2', output_changes }) : '';
      return { code: verb === 'plan' ? code : 0, stdout, output: stdout };
    },
  };
  return { terraform, asked };
};

describe('plans of an environment', () => {
  let out: string;
  let host: Host;
  beforeEach(async () => {
    out = await mkdtemp(join(tmpdir(), 'countersign-plans-'));
    host = { root: '.', env: {}, out: () => {}, err: () => {}, ask: undefined };
  });
  afterEach(() => rm(out, { recursive: true }));

  const stack = (name: string, ...producers: string[]): Stack => ({
    name,
    folder: join(out, 'stacks', name),
    region: 'us-east-1',
    producers,
  });
  const workspace = (...stacks: Stack[]) => ({ out, stacks });

  it('are made of every stack before any is applied, and nothing is where one fails', async () => {
    const { terraform, asked } = scripted({ two: { plan: 'Error: Invalid index' } });
    await expect(planStacks(host, workspace(stack('one'), stack('two')), terraform)).rejects.toThrow('Invalid index');
    expect(asked.filter((call) => call.startsWith('plan') || call.startsWith('apply'))).toEqual([
      'plan one',
      'plan two',
    ]);
  });

  it('go by the provider that the first stack was locked to', async () => {
    await mkdir(join(out, 'stacks/two'), { recursive: true });
    const { terraform } = scripted({});
    await planStacks(host, workspace(stack('one'), stack('two')), terraform);
    expect(await readFile(join(out, 'stacks/two/.terraform.lock.hcl'), 'utf8')).toBe('# one');
  });

  it('are kept where only their owner reads them', async () => {
    const { terraform } = scripted({});
    const [planned] = await planStacks(host, workspace(stack('one')), terraform);
    expect(planned).toMatchObject({ outcome: 'changes', made: { state: { lineage: '', serial: 0 } } });
    const { mode } = await stat(join(out, 'plans/one.plan.json'));
    expect(mode & 0o077).toBe(0);
    expect((await stat(join(out, 'plans'))).mode & 0o077).toBe(0);
    expect(JSON.parse(await readFile(join(out, 'plans/one.plan.json'), 'utf8'))).toMatchObject({
      format_version: '1.2',
    });
  });

  it('take no lock where the role may only read', async () => {
    const { terraform, asked } = scripted({});
    await planStacks(host, workspace(stack('one')), terraform, { noLock: true });
    expect(asked).toContain('plan one -lock=false');
  });

  it('wait for layers that have no state yet, and for those whose outputs are about to change', async () => {
    const stacks = [stack('network'), stack('storage', 'network'), stack('backend', 'network', 'storage')];
    const first = scripted({ network: { outputs: true } });
    const fresh = await planStacks(host, workspace(...stacks), first.terraform);
    expect(fresh.map(({ outcome, waitsFor }) => [outcome, ...waitsFor])).toEqual([
      ['changes'],
      ['waits', 'network'],
      ['waits', 'network', 'storage'],
    ]);
    expect(first.asked.filter((call) => call.startsWith('plan'))).toEqual(['plan network']);

    const none = scripted({ network: { code: 0 }, storage: { plan: 'Error: Unable to find remote state' } });
    const half = await planStacks(host, workspace(...stacks), none.terraform);
    expect(half.map(({ outcome }) => outcome)).toEqual(['none', 'waits', 'waits']);
  });

  it('of an end begin with the last', async () => {
    const stacks = [stack('network'), stack('storage', 'network')];
    const { terraform, asked } = scripted({ network: { outputs: true } });
    await planStacks(host, workspace(...stacks), terraform, { destroy: true });
    expect(asked.filter((call) => call.startsWith('plan'))).toEqual(['plan storage -destroy', 'plan network -destroy']);
  });

  it('are applied in order; where one fails it is said what stands', async () => {
    const stacks = [stack('one'), stack('two'), stack('three')];
    const { terraform, asked } = scripted({ two: { apply: 'The credentials have expired.' } });
    const planned = await planStacks(host, workspace(...stacks), terraform);
    await expect(applyPlans(host, terraform, out, toApply(planned))).rejects.toThrow(
      'The credentials have expired.\nApplied before: one.\nNot begun: three.',
    );
    expect(asked.filter((call) => call.startsWith('apply'))).toEqual(['apply one', 'apply two']);
  });
});

describe('before something is applied', () => {
  const lost = {
    stack: 'prod',
    outputs: [],
    changes: [
      {
        address: 'aws_dynamodb_table.audit',
        type: 'aws_dynamodb_table',
        action: 'delete' as const,
        kind: 'other' as const,
        losesState: true,
        forcedBy: [],
        differences: [],
      },
    ],
  };
  const host = (answer?: string): Host => ({
    root: '.',
    env: {},
    out: () => {},
    err: () => {},
    ask: answer === undefined ? undefined : async () => answer,
  });
  const asked = (answer: string | undefined, reviews: (typeof lost)[], yes = false, allowStatefulDestroy = false) =>
    confirm(host(answer), 'prod', reviews, { yes, allowStatefulDestroy });

  it('a person says yes, or the name of the environment where data goes', async () => {
    await expect(asked('yes', [])).resolves.toBeUndefined();
    await expect(asked('prod', [lost])).resolves.toBeUndefined();
    await expect(asked('yes', [lost])).rejects.toThrow(OperatorProblem);
    await expect(asked('no', [])).rejects.toThrow('Nothing was applied.');
  });

  it('nobody is asked with --yes, which does not cover data', async () => {
    await expect(asked(undefined, [], true)).resolves.toBeUndefined();
    await expect(asked(undefined, [lost], true)).rejects.toThrow('would destroy aws_dynamodb_table.audit');
    await expect(asked(undefined, [lost], true, true)).resolves.toBeUndefined();
    await expect(asked(undefined, [])).rejects.toThrow('pass --yes');
  });
});
