import { limits } from '../../contracts/limits/index.ts';
import type { Limit, TextRule } from '../../contracts/limits/limit.ts';
import { settingNames, settings } from '../../contracts/settings/index.ts';
import { nameableKinds } from '../../contracts/settings/whole-names.ts';
import { stacksOf } from '../../proof/platform/synth.ts';
import { repository, settingsOf } from '../testing/synthesized.ts';
import { environmentNames } from '../tfvars/read.ts';
import { tagsAreTaken, withinLimits } from './limits.ts';
import { breachesOf } from './policies.ts';
import { viewOf } from './view.ts';

const placeOf = ({ type, at, per }: Limit) => `${[type, ...at].join('.')}${per === undefined ? '' : ` per ${per}`}`;

/** A text that breaks the rule in one way. */
const tooLong = ({ max = 0, unit }: TextRule) => (unit === 'bytes' ? 'é'.repeat(max / 2 + 1) : 'a'.repeat(max + 1));
const broken = ({ rule }: Limit): unknown => {
  switch (rule.kind) {
    case 'text':
      return rule.text.max === undefined ? '!' : tooLong(rule.text);
    case 'number':
      return (rule.number.max ?? 0) + 1;
    case 'prefix':
      return `10.0.0.0/${(rule.prefix.max ?? 0) + 1}`;
    case 'document':
      return JSON.stringify({ a: 'x'.repeat(rule.max) });
    case 'items':
      return Array.from({ length: (rule.items.max ?? 0) + 1 }, () => ({ x: 1 }));
  }
};

/** A block in which a value stands at a path. */
const blockWith = (path: readonly string[], value: unknown): Record<string, unknown> => {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return { [first === '*' ? 'any' : first]: value };
  if (rest[0] === '#') return { [first]: { [String(value)]: 'x' } };
  if (rest[0]?.startsWith('->')) return { [first]: ['${aws_referred.to.id}'] };
  if (rest.length === 1 && rest[0] === '*' && Array.isArray(value))
    return { [first]: Object.fromEntries(value.map((item, index) => [`key${index}`, item])) };
  return { [first === '*' ? 'any' : first]: [blockWith(rest, value)] };
};

const stackWith = (limit: Limit, value: unknown) => {
  const { type, at, per, rule } = limit;
  const grouped = per === undefined ? {} : { [per]: '${aws_x.group.id}' };
  const one =
    at.length === 0 && rule.kind === 'document'
      ? { ...grouped, source_arn: value }
      : at.length === 0
        ? grouped
        : { ...blockWith(at, value), ...grouped };
  const count = at.length === 0 && rule.kind === 'items' ? (rule.items.max ?? 0) + 1 : 1;
  const named = Object.fromEntries(Array.from({ length: Math.min(count, 400) }, (_, index) => [`n${index}`, one]));
  const followed = at.at(-1)?.startsWith('->') ? { aws_referred: { to: { [at.at(-1)?.slice(2) ?? '']: value } } } : {};
  return type === 'aws_iam_policy_document'
    ? { data: { [type]: named } }
    : { resource: { [type]: named, ...followed } };
};

const found = (stack: unknown) => withinLimits.breaches(viewOf(stack, false));

/** Such a topic cannot be made in a test, nor by anybody. */
const uncountable = limits.filter(({ rule }) => rule.kind === 'items' && (rule.items.max ?? 0) > 100_000);

describe('the table', () => {
  it('refuses one more than AWS takes, at every place', () => {
    const passed = limits
      .filter((limit) => !uncountable.includes(limit))
      .filter((limit) => !found(stackWith(limit, broken(limit))).some(({ from }) => from?.source === limit.source));
    expect(passed.map(placeOf)).toEqual([]);
  });

  it('names settings that there are', () => {
    const named = limits.flatMap(({ settings }) => settings).map((path) => path.split('.'));
    for (const [name = '', part] of named) {
      expect(settingNames).toContain(name);
      if (part !== undefined) expect(nameableKinds).toContain(part);
    }
  });

  it('cites a page of AWS for every place, once', () => {
    for (const { source } of limits) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/);
    const places = limits.map((limit) => `${placeOf(limit)} ${limit.rule.kind}`);
    expect(places).toEqual([...new Set(places)]);
  });
});

const names = await environmentNames(repository);

/** Attributes that are called like a name and are none that we give. */
const given = new Set([
  'aws_apigatewayv2_stage.name',
  'aws_cloudcontrolapi_resource.type_name',
  'aws_db_instance.ca_cert_identifier',
  'aws_lambda_permission.function_name',
  'aws_vpc_endpoint.service_name',
]);
const held = new Set(limits.map(({ type, at: [first = ''] }) => `${type}.${first}`));

/** Names and descriptions for which the table has no limit. */
const unheld = (resource: Readonly<Record<string, Readonly<Record<string, object>>>>): string[] =>
  Object.entries(resource).flatMap(([type, named]) =>
    Object.values(named)
      .flatMap((block) => Object.entries(block))
      .filter(
        ([key, value]) => /(?:^|_)(?:name|identifier|description|comment)$/.test(key) && typeof value === 'string',
      )
      .filter(([, value]) => !String(value).startsWith('${'))
      .map(([key]) => `${type}.${key}`)
      .filter((place) => !held.has(place) && !given.has(place)),
  );

describe('every environment of the repository', () => {
  it.each(names)('%s is taken by AWS, and all it names is in the table', async (name) => {
    for (const { json } of (await stacksOf(name)).values()) {
      const stack = JSON.parse(json) as { resource: Record<string, Record<string, object>> };
      const view = viewOf(stack, false);
      expect([...withinLimits.breaches(view), ...tagsAreTaken.breaches(view)]).toEqual([]);
      // A resource that is new here needs its limits in contracts/limits.
      expect([...new Set(unheld(stack.resource))]).toEqual([]);
    }
  });
});

/** What the policies say of an environment with some settings changed. */
const said = async (name: string, changes: Record<string, unknown>): Promise<string> => {
  const [all = {}] = await settingsOf(name, changes);
  const place = (setting: string) => ((setting.split('.')[0] ?? '') in changes ? 'mine.tfvars:7' : undefined);
  const stacks = await stacksOf(name, changes);
  return [...stacks.values()]
    .flatMap(({ json }) => breachesOf(JSON.parse(json), false, { settled: { settings: { ...all }, place } }))
    .filter((line) => line.includes('(AWS takes'))
    .join('\n');
};
const many = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));
const groups = (count: number) => Object.fromEntries(many(count, (n) => [`a-group-of-people-number-${n}`, ['viewer']]));

describe('what is known only once it is resolved', () => {
  it.each<[what: string, name: string, changes: Record<string, unknown>, says: RegExp]>([
    [
      'a function that is called after the distribution',
      'staging',
      { names: { distribution: 'd'.repeat(60) } },
      /aws_cloudfront_function\S+ name "d+\S+ has 75 characters; AWS takes 1 to 64 .*: change names\.distribution \(mine/,
    ],
    [
      'a database that is called after the environment',
      'examples/tag-governance/prod',
      { name_prefix: 'tag--governance', names: {} },
      /aws_db_instance\.database identifier "tag--governance-database" .*: change name_prefix \(mine\.tfvars:7\), or give names\.database\. See/,
    ],
    [
      'a bucket that no setting gives a whole name',
      'dev',
      { name_prefix: 'xn--shop' },
      /aws_s3_bucket\.bucket_logs bucket "xn--shop-logs-\S+ .*: change name_prefix \(mine\.tfvars:7\)\. See/,
    ],
    [
      'variables of a function',
      'examples/startup/prod',
      { role_map: groups(90) },
      /aws_lambda_function\S+ environment\.variables has at least \d+ bytes; AWS takes at most 4096 .*: change role_map \(mine\.tfvars:7\)\. All variables/,
    ],
    [
      'what an instance runs when it starts',
      'examples/startup/staging',
      { role_map: groups(400) },
      /aws_launch_template\S+ user_data has at least \d+ bytes; AWS takes at most 16384 .*role_map/,
    ],
    [
      'a task definition',
      'dev',
      { role_map: groups(1500) },
      /aws_ecs_task_definition\S+ container_definitions has at least \d+ bytes; AWS takes at most 65536 .*role_map/,
    ],
  ])('%s: refused with the setting and its line', async (_, name, changes, says) => {
    expect(await said(name, changes)).toMatch(says);
  });
});

describe('lists that grow', () => {
  const accounts = many(100, (n) => String(100_000_000_000 + n));
  const regions = many(30, (n) => `eu-west-${n + 1}`);
  it.each<[what: string, name: string, changes: Record<string, unknown>]>([
    ['a hundred accounts', 'prod', { estate_accounts: accounts }],
    ['a hundred accounts, from a function', 'examples/startup/prod', { estate_accounts: accounts }],
    ['every region there is', 'dev', { estate_regions: regions }],
    ['every region there is, from a function', 'examples/startup/prod', { estate_regions: regions }],
    ['every type there is, in every region', 'dev', { estate_types: ['all'], estate_regions: regions }],
    ['sixty queues', 'examples/startup/prod', { queues: many(60, (n) => `queue-number-${n}`) }],
    [
      'a hundred secrets',
      'examples/market-data/dev',
      { container_secrets: Object.fromEntries(many(100, (n) => [`KEY_${n}`, `vendor-key-${n}`])) },
    ],
    ['thirty networks', 'examples/tag-governance/prod', { alb_sources: many(30, (n) => `203.0.${n}.0/24`) }],
  ])('%s fit', async (_, name, changes) => {
    expect(await said(name, changes)).toBe('');
  });

  it('are split into policies of their own, each within its limit and attached to the role', async () => {
    const [made] = (await stacksOf('examples/tag-governance/prod', { estate_accounts: accounts })).values();
    const policies = Object.values(made?.all('aws_iam_policy') ?? {});
    expect(policies.map(({ name }) => name)).toEqual([
      'FinOpsTagComplianceFargateTaskRole-EstateAssumeRole-1',
      'FinOpsTagComplianceFargateTaskRole-EstateAssumeRole-2',
    ]);
    const attached = Object.values(made?.all('aws_iam_role_policy_attachment') ?? {});
    expect(attached.filter(({ policy_arn }) => String(policy_arn).includes('EstateAssumeRole'))).toHaveLength(2);
    const named = Object.entries(made?.data('aws_iam_policy_document') ?? {})
      .filter(([address]) => address.includes('EstateAssumeRole'))
      .flatMap(([, { statement }]) => (statement as { resources: string[] }[]).flatMap(({ resources }) => resources));
    expect(named).toEqual(
      expect.arrayContaining(accounts.map((account) => `arn:aws:iam::${account}:role/CrossAccountTagAuditRole`)),
    );
  });
});

/** What to fill each list with, and what it needs besides. Lists of words that there are few of cannot grow. */
const lists: Readonly<Record<string, (count: number) => Record<string, unknown>>> = {
  alert_severities: (count) => ({
    tool_packs: ['tagging', 'alerts'],
    alert_severities: many(count, (n) => `an-alarm-with-a-long-name-${n}-*=critical`),
  }),
  alert_topics: (count) => ({
    tool_packs: ['tagging', 'alerts'],
    alert_topics: many(count, (n) => `arn:aws:sns:us-east-1:111122223333:topic-${n}`),
  }),
  alb_sources: (count) => ({ alb_sources: many(count, (n) => `203.0.${n}.0/24`) }),
  budget_alert_percents: (count) => ({ budget_alert_percents: many(count, (n) => n + 1) }),
  cognito_attributes: (count) => ({ cognito_attributes: many(count, (n) => `attribute${n}`) }),
  cognito_callback_urls: (count) => ({ cognito_callback_urls: many(count, (n) => `https://a${n}.example.com/in`) }),
  cors_origins: (count) => ({ cors_origins: many(count, (n) => `https://app-${n}.example.com`) }),
  data_bucket_cors_origins: (count) => ({
    data_bucket: true,
    data_bucket_cors_origins: many(count, (n) => `https://app-${n}.example.com`),
  }),
  estate_accounts: (count) => ({ estate_accounts: many(count, (n) => String(100_000_000_000 + n)) }),
  health_check_command: (count) => ({ health_check_command: ['CMD', ...many(count, (n) => `argument-number-${n}`)] }),
  queues: (count) => ({ queues: many(count, (n) => `queue-${n}`) }),
  task_egress_ports: (count) => ({ task_egress_ports: many(count, (n) => 10_000 + n) }),
  waf_allowed_cidrs: (count) => ({
    waf: 'full',
    waf_allowed_cidrs: many(count, (n) => `10.${n >> 8}.${n & 255}.0/24`),
  }),
};

/** AWS takes 12.5 million subscribers of a topic, there are few countries, currencies, zones, services and types, and hosts become nothing. */
const unbounded =
  /_(?:hosts|emails|webhooks|countries|zones|regions|endpoints|packs|grants|types|cidrs|allocation_ids|budget_caps|confirm_up_to)$|^regions$/;

describe('every list', () => {
  it('that can grow is tried below', () => {
    const named = settingNames.filter((name) => Array.isArray(settings[name].schema.safeParse([]).data));
    expect(named.filter((name) => !Object.hasOwn(lists, name) && !unbounded.test(name))).toEqual([]);
  });

  it.each(Object.keys(lists))('%s is refused with its name where it does not fit', async (name) => {
    const changes = lists[name]?.({ waf_allowed_cidrs: 10_001, health_check_command: 4000 }[name] ?? 2500) ?? {};
    const refused = await said('dev', { waf: 'off', ...changes }).catch((error: Error) => error.message);
    expect(refused).toContain(name);
  });
});
