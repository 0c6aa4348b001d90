/** Every environment through the real terraform and provider, without credentials; and what only a plan can show. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from '../../modules/testing/synthesized.ts';
import { environmentNames } from '../../modules/tfvars/read.ts';
import type { PlanJson } from '../../scripts/plan-review/plan-json.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { freshFolder } from './folder.ts';
import { lanes } from './lanes.ts';
import { leftOut, leftOutRows } from './left-out.ts';
import type { Providers } from './provider/front.ts';
import { openRig, openRigProviders, type Rig } from './rig.ts';
import { sized } from './sized.ts';
import { differences } from './targets.ts';

// Two processors, and a file of tests beside this one.
const held = lanes(2);
const patience = 600_000;

const Diagnostic = z.object({ summary: z.string() });
const Validation = z.object({ diagnostics: z.array(Diagnostic) });

/** What terraform says is wrong with a stack, or may be. */
const problemsOf = async ({ run }: Rig, stack: Rig['stacks'][number]): Promise<string[]> => {
  const { stdout } = await run(stack, ['validate', '-json'], [0, 1]);
  return Validation.parse(JSON.parse(stdout)).diagnostics.map(({ summary }) => summary);
};

/** Plans whose resources are looked at. Reading one takes as long as validating. */
const read = new Set(['prod', ...leftOut.map(({ environment }) => environment)]);

/** A line of `plan -json`. */
const Told = z.object({
  type: z.string(),
  '@message': z.string(),
  diagnostic: Diagnostic.optional(),
});

/** Planning validates too, and tells every warning. */
const planOf = async ({ workspace, run, show }: Rig, stack: Rig['stacks'][number]) => {
  const args = ['plan', '-json', '-input=false', '-lock=false', '-out=offline.tfplan'];
  const { stdout, code } = await run(stack, args, [0, 1]);
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => Told.parse(JSON.parse(line)));
  const plan = code === 0 && read.has(workspace.environment) ? await show(stack, 'offline.tfplan') : undefined;
  return {
    problems: told.flatMap(({ diagnostic }) => diagnostic?.summary ?? []),
    totals: told.find(({ type }) => type === 'change_summary')?.['@message'],
    plan,
  };
};

let opened: Promise<Providers> | undefined;
const providers = (): Promise<Providers> => {
  opened ??= openRigProviders();
  return opened;
};

interface Tried {
  /** By stack. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
  /** Of the first stack: further regions are like it, further layers wait for it. */
  readonly plan: PlanJson | undefined;
  /** `Plan: 1 to add, 0 to change, 0 to destroy.` */
  readonly totals: string | undefined;
}

const tryOut = async (environment: string, changes?: Readonly<Record<string, unknown>>): Promise<Tried> => {
  const out = await freshFolder(environment);
  try {
    const rig = await openRig({ environment, providers: await providers(), out, target: { kind: 'offline' }, changes });
    const [first, ...others] = rig.stacks;
    if (first === undefined) throw new Error(`${environment} has no stack`);
    await rig.init(first);
    const { problems: ofFirst, ...planned } = await planOf(rig, first);
    const problems: Record<string, readonly string[]> = { [first.name]: ofFirst };
    for (const stack of others) {
      await rig.init(stack);
      problems[stack.name] = await problemsOf(rig, stack);
    }
    return { problems, ...planned };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};

/** Begun in the order asked for, each once. */
const tried = new Map<string, Promise<Tried>>();
const begin = (environment: string, changes?: Readonly<Record<string, unknown>>): Promise<Tried> => {
  const key = JSON.stringify([environment, changes]);
  const running = tried.get(key) ?? held(() => tryOut(environment, changes));
  tried.set(key, running);
  running.catch(() => {});
  return running;
};

const names = (await environmentNames(repository)).filter((name) => sized[name] === undefined);
const layered = { state_layout: 'layered' };

const valuesOf = (plan: PlanJson | undefined, resource: string): unknown[] =>
  (plan?.resource_changes ?? [])
    .filter(({ mode, type }) => mode === 'managed' && type === resource.split('.')[0])
    .map(({ change }) => change.after);

await describeWith(['terraform'], 'terraform', () => {
  beforeAll(() => {
    for (const name of names) void begin(name);
    void begin('prod', layered);
  });
  afterAll(async () => {
    await Promise.allSettled(tried.values());
    await (await opened)?.stop();
  }, patience);

  describe.each(names)('%s', (name) => {
    it(
      'is valid, without a warning',
      async () => {
        const { problems } = await begin(name);
        expect(Object.keys(problems).length).toBeGreaterThan(0);
        for (const [stack, found] of Object.entries(problems)) expect([stack, found]).toEqual([stack, []]);
      },
      patience,
    );

    it(
      'can be planned without credentials: all of it is created',
      async () => {
        expect((await begin(name)).totals).toMatch(/^Plan: [1-9]\d+ to add, 0 to change, 0 to destroy\.$/);
      },
      patience,
    );
  });

  it(
    'takes prod in layers: each is valid, and the first can be planned',
    async () => {
      const { problems, plan } = await begin('prod', layered);
      expect(problems).toMatchObject(
        Object.fromEntries(
          ['network', 'storage', 'domain', 'auth', 'backend', 'monitoring'].map((layer) => [
            `prod-us-east-1-${layer}`,
            [],
          ]),
        ),
      );
      expect(valuesOf(plan, 'aws_vpc')).toHaveLength(1);
    },
    patience,
  );

  describe('plans what the stand-in leaves out', () => {
    it.each(leftOut.map((row) => [row.what, row] as const))(
      '%s',
      async (_, row) => {
        const { plan } = await begin(row.environment, row.changes);
        const found = valuesOf(plan, row.resource);
        // Without a match, the first shows what differs.
        expect(found.find((values) => matches(values, row.planned)) ?? found[0]).toMatchObject(row.planned);
      },
      patience,
    );
  });
});

const matches = (values: unknown, wanted: object): boolean => {
  try {
    expect(values).toMatchObject(wanted);
    return true;
  } catch {
    return false;
  }
};

describe('what the stand-in leaves out', () => {
  it('is all in the table, and the table has no more', async () => {
    const found = new Set<string>();
    for (const name of names) for (const difference of await differences(name)) found.add(difference);
    for (const { environment, changes } of leftOut)
      if (changes !== undefined)
        for (const difference of await differences(environment, changes)) found.add(difference);
    expect(leftOut.map(({ resource }) => resource).toSorted()).toEqual([...found].toSorted());
  });

  it('is told in docs/emulator.md', async () => {
    const text = await readFile(join(repository, 'docs/emulator.md'), 'utf8');
    const rows = text.split('\n').filter((line) => /^\| [^|]+ \| `aws_/.test(line));
    expect(rows).toEqual(leftOutRows);
  });
});
