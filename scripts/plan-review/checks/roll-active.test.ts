/** What may change while a colour has traffic: tried on what the settings of prod become, before and after. */
import { type Blocks, blocksOf, differing } from '../../../proof/platform/changes/blocks.ts';
import { stacksOf } from '../../../proof/platform/synth.ts';
import { PlanJson } from '../plan-json.ts';
import { rollActive } from './roll-active.ts';

type Values = Readonly<Record<string, unknown>>;

const RULE = 'aws_lb_listener_rule.live';
const typeOf = (address: string): string => address.split('.')[0] ?? '';

/** Blocks of prod as AWS would tell them: with the ARNs that it gives, and weights as a cutover left them. */
const standing = (blocks: Blocks, weights: readonly [blue: number, green: number]): Blocks => {
  const told = [...blocks].map(([address, block]): [string, Values] => {
    if (typeOf(address) === 'aws_lb_target_group') return [address, { ...block, arn: `\${${address}.arn}` }];
    if (typeOf(address) === 'aws_ecs_service') {
      const [, definition = ''] = /\$\{(.*)\.arn\}/.exec(String(block.task_definition)) ?? [];
      return [address, { ...block, task_definition: `arn:task-definition/${blocks.get(definition)?.family}:7` }];
    }
    if (address !== RULE) return [address, block];
    const groups = ['blue', 'green'].map((colour, index) => ({
      arn: `\${aws_lb_target_group.${[...blocks.keys()].find((each) => each.startsWith('aws_lb_target_group.') && each.includes(colour))?.split('.')[1]}.arn}`,
      weight: weights[index],
    }));
    return [address, { ...block, action: [{ type: 'forward', forward: [{ target_group: groups }] }] }];
  });
  return new Map(told);
};

const blocksWith = async (changes: Values): Promise<Blocks> => {
  const json = (await stacksOf('prod', changes)).get('prod-us-east-1')?.json ?? '{}';
  return new Map([...blocksOf(json)].filter(([address]) => !address.startsWith('data.')));
};
const base = await blocksWith({});

/** Attributes that Terraform ignores never differ in a plan. */
const withoutIgnored = (blocks: Blocks): Blocks =>
  new Map(
    [...blocks].map(([address, block]) => {
      const { ignore_changes = [] } = (block.lifecycle ?? {}) as { readonly ignore_changes?: readonly string[] };
      return [address, Object.fromEntries(Object.entries(block).filter(([name]) => !ignore_changes.includes(name)))];
    }),
  );

/** A revision of a task definition is made anew, and its service takes it. */
const changesBetween = (before: Blocks, after: Blocks) => {
  const changed = differing(withoutIgnored(before), withoutIgnored(after));
  const definitions = [...changed].filter((address) => typeOf(address) === 'aws_ecs_task_definition');
  const rolled = [...after].filter(([, block]) =>
    definitions.some((address) => String(block.task_definition).includes(`${address}.arn`)),
  );
  return [...new Set([...changed, ...rolled.map(([address]) => address)])].map((address) => ({
    address,
    mode: 'managed',
    type: typeOf(address),
    name: 'x',
    change: {
      actions: definitions.includes(address) ? ['create', 'delete'] : ['update'],
      before: before.get(address) ?? null,
      after: { ...after.get(address), ...(!definitions.includes(address) && { task_definition: undefined }) },
      after_unknown: rolled.some(([each]) => each === address) ? { task_definition: true } : {},
    },
  }));
};

const planOf = (resource_changes: readonly object[], prior: Blocks) =>
  PlanJson.parse({
    format_version: '1.2',
    resource_changes,
    prior_state: {
      values: {
        root_module: {
          resources: [...prior].map(([address, values]) => ({ address, type: typeOf(address), values })),
        },
      },
    },
  });

const found = (plan: PlanJson): string[] => rollActive.breaches(plan).map(({ address }) => address);
const refused = async (changes: Values, weights: readonly [number, number] = [100, 0]): Promise<string[]> =>
  found(planOf(changesBetween(base, await blocksWith(changes)), standing(base, weights)));

const named = (type: string, colour: 'blue' | 'green'): string => {
  const address = [...base.keys()].find((each) => each.startsWith(`${type}.`) && each.includes(colour));
  if (address === undefined) throw new Error(`prod has no ${type} of ${colour}`);
  return address;
};
const of = (colour: 'blue' | 'green'): string[] => [
  named('aws_ecs_service', colour),
  named('aws_ecs_task_definition', colour),
];
const digest = `111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign@sha256:${'a'.repeat(64)}`;

describe('a colour that has traffic', () => {
  it.each<[what: string, changes: Values]>([
    ['an environment variable', { log_level: 'debug' }],
    ['a secret', { container_secrets: { ENCRYPTION_KEY: 'other-keys:encryption_key' } }],
    ['a size', { task_memory: 4096 }],
    ['its own image', { image_blue: digest }],
    ['the image of both', { container_image: digest }],
  ])('is not changed in place by the way: %s', async (_, changes) => {
    expect((await refused(changes)).sort()).toEqual(of('blue').sort());
  });

  it('is left alone by the image of the idle colour, and by active_colour', async () => {
    expect(await refused({ image_green: digest })).toEqual([]);
    expect(await refused({ active_colour: 'green' })).toEqual([]);
  });

  it('is the one that the rule forwards to when the plan is made, whatever the settings say', async () => {
    expect((await refused({ image_green: digest }, [0, 100])).sort()).toEqual(of('green').sort());
    expect(await refused({ image_blue: digest }, [0, 100])).toEqual([]);
  });

  it('is each of two while the weights move', async () => {
    expect((await refused({ image_blue: digest }, [50, 50])).sort()).toEqual(of('blue').sort());
    expect((await refused({ image_green: digest }, [50, 50])).sort()).toEqual(of('green').sort());
    expect((await refused({ task_memory: 4096 }, [99, 1])).sort()).toEqual([...of('blue'), ...of('green')].sort());
  });

  it('keeps its target group, its service and its definition, while tags of them may change', () => {
    const change = (address: string, actions: string[], before: Values, after: Values | null) => ({
      address,
      mode: 'managed',
      type: typeOf(address),
      name: 'x',
      change: { actions, before, after },
    });
    const group = named('aws_lb_target_group', 'blue');
    const [service = ''] = of('blue');
    const touching = (...changes: object[]) => found(planOf(changes, standing(base, [100, 0])));
    expect(touching(change(group, ['update'], { port: 1 }, { port: 2 }))).toEqual([group]);
    expect(touching(change(service, ['delete'], { name: 'a' }, null))).toEqual([service]);
    expect(
      touching(change(service, ['update'], { tags: {}, tags_all: {} }, { tags: { a: 'b' }, tags_all: {} })),
    ).toEqual([]);
    expect(touching(change(service, ['no-op'], {}, {}))).toEqual([]);
    expect(touching(change(named('aws_lb_target_group', 'green'), ['delete'], {}, null))).toEqual([]);
  });

  it('keeps its traffic when the rule is made anew', () => {
    const prior = standing(base, [0, 100]);
    const anew = (after: Blocks) => [
      {
        address: RULE,
        mode: 'managed',
        type: 'aws_lb_listener_rule',
        name: 'live',
        change: { actions: ['delete', 'create'], before: prior.get(RULE), after: after.get(RULE) ?? null },
      },
    ];
    expect(rollActive.breaches(planOf(anew(standing(base, [100, 0])), prior))).toMatchObject([
      { address: RULE, problem: expect.stringContaining('set active_colour to the colour in service first') },
    ]);
    expect(found(planOf(anew(prior), prior))).toEqual([]);
  });

  it('says what to do instead, and how to do it all the same', async () => {
    const plan = planOf(changesBetween(base, await blocksWith({ task_memory: 4096 })), standing(base, [90, 10]));
    expect(rollActive.breaches(plan)[0]?.problem).toBe(
      'would change in place while its colour has weight 90 in aws_lb_listener_rule.live: change the idle colour (image_blue, image_green) and run a cutover, or give the pull request the label roll-active',
    );
  });

  it('may be changed where there is no other', async () => {
    const one = await blocksWith({ blue_green: false });
    const group = { arn: `\${${named('aws_lb_target_group', 'blue')}.arn}`, weight: 100 };
    const prior = new Map(standing(one, [100, 0])).set(RULE, { action: [{ forward: [{ target_group: [group] }] }] });
    const changed = changesBetween(one, await blocksWith({ blue_green: false, task_memory: 4096 }));
    expect(changed.length).toBeGreaterThan(1);
    expect(found(planOf(changed, prior))).toEqual([]);
  });
});
