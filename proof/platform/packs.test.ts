/** Each member of a pack's contract, as it stands in the synthesized stack: a member that nobody reads would be a lie. */

import '../../service/test/rigs/letters/contract.ts';

import type { PackContract } from '../../contracts/packs/pack.ts';
import { webAclProps } from '../../modules/stacks/ingress.ts';
import { networkOfferOf } from '../../modules/stacks/network-offer.ts';
import { type Block, primaryDeploymentOf, type Synthesized, synthesized } from '../../modules/testing/synthesized.ts';
import { blockedBy } from '../../modules/testing/web-acl.ts';
import { accountRequests } from '../../modules/web-acl/legitimate-requests.ts';
import { WebAcl } from '../../modules/web-acl/web-acl.ts';
import { contract, letters } from '../../service/test/rigs/letters/contract.ts';
import { stacksOf } from './synth.ts';

const both = { tool_packs: ['tagging', letters] };
const post = {
  letters_most: 9,
  letters_accounts: ['444455556666'],
  letters_role: 'Post',
  letters_external_id: 'stamp',
  letters_credentials: 'connected',
  letters_client_id: 'countersign',
};
const stackOf = async (changes: Record<string, unknown>): Promise<Synthesized> => {
  const [stack] = (await stacksOf('dev', changes)).values();
  if (stack === undefined) throw new Error('no stack');
  return stack;
};
const every = (blocks: Readonly<Record<string, Block>>): string => JSON.stringify(Object.values(blocks));
const statements = (stack: Synthesized): readonly Block[] =>
  Object.values(stack.data('aws_iam_policy_document')).flatMap(({ statement }) => [statement].flat() as Block[]);
const allowing = (stack: Synthesized, action: string): readonly Block[] =>
  statements(stack).filter(({ actions, effect }) => effect !== 'Deny' && [actions].flat().includes(action));

/** Where each member is shown. One that is new in the contract does not compile here until it says where. */
const shown: Readonly<Record<keyof PackContract, 'here' | 'in the running service' | 'on pages'>> = {
  title: 'on pages',
  description: 'on pages',
  firstQuestion: 'in the running service',
  instructions: 'in the running service',
  scopes: 'here',
  roles: 'here',
  tools: 'here',
  accounts: 'in the running service',
  actions: 'here',
  assumes: 'here',
  writesIn: 'here',
  chooses: 'here',
  tables: 'here',
  variables: 'in the running service',
  upstream: 'in the running service',
  environment: 'here',
  settings: 'here',
  secrets: 'here',
  providers: 'here',
  grants: 'here',
  objects: 'here',
  routes: 'here',
  egress: 'here',
  metrics: 'here',
  alarms: 'here',
};

it('the pack of these tests has every member of the contract', () => {
  expect(Object.keys(contract).toSorted()).toEqual(Object.keys(shown).toSorted());
});

describe('what a pack declares, in the stack of an environment that enables it', () => {
  let without: Synthesized;
  let stack: Synthesized;
  beforeAll(async () => {
    without = await stackOf({});
    stack = await stackOf({ ...both, ...post });
  });
  const found = (type: string, of: (block: Block) => boolean): Block => {
    const [block, ...others] = Object.values(stack.all(type)).filter(of);
    if (block === undefined || others.length > 0) throw new Error(`${others.length + (block ? 1 : 0)} ${type}`);
    return block;
  };
  /** The variables and secrets of the container. */
  const container = (): string => every(stack.all('aws_ecs_task_definition'));

  it('moves nothing that was there', () => {
    expect(without.addresses.filter((address) => !stack.addresses.includes(address))).toEqual([]);
  });

  it('tables: made, and the role may use them', () => {
    const { name } = found('aws_dynamodb_table', ({ name }) => String(name).endsWith('-letters'));
    expect(name).toBe('countersign-dev-letters');
    expect(JSON.stringify(allowing(stack, 'dynamodb:PutItem'))).toContain('table_letters');
  });

  it('settings and the variables that take them', () => {
    expect(container()).toContain(String.raw`\"LETTERS_MOST\",\"value\":\"9\"`);
  });

  it('secrets: made empty and injected as their variable', () => {
    expect(found('aws_secretsmanager_secret', ({ name }) => String(name).endsWith('/letter-office')).name).toBe(
      'countersign/dev/letter-office',
    );
    expect(container()).toContain('LETTERS_TOKEN');
    expect(container()).toMatch(/secret_letter_office\.arn}:token::/);
  });

  it('grants: objects below its own folder', () => {
    expect(JSON.stringify(allowing(stack, 's3:PutObject'))).toContain('packs/letters/*');
    expect(container()).toContain('OBJECTS_BUCKET');
    expect(JSON.stringify(allowing(without, 's3:PutObject'))).not.toContain('packs/letters/*');
  });

  it('objects: removed by the bucket when their time is over', () => {
    const ofBucket = ({ rule }: Block) => [rule].flat().map((one) => (one as Block).id);
    expect(Object.values(stack.all('aws_s3_bucket_lifecycle_configuration')).flatMap(ofBucket)).toContain(
      'packs-letters-drafts',
    );
    expect(every(without.all('aws_s3_bucket_lifecycle_configuration'))).not.toContain('packs-letters');
  });

  it('tools: each pack has its own reach for an action, and its own roles of other accounts', () => {
    expect(allowing(without, 'route53:ListHostedZones')).toEqual([]);
    expect(allowing(stack, 'route53:ListHostedZones')).toEqual([expect.objectContaining({ resources: ['*'] })]);
    const [ofTagging, ofLetters] = allowing(stack, 'ec2:CreateTags').map(({ resources }) => String(resources));
    expect(ofTagging).toContain('instance/*');
    expect(ofLetters).toContain('volume/*');
    expect(ofLetters).not.toContain('instance/*');
    expect(JSON.stringify(allowing(stack, 'sts:AssumeRole'))).toContain('arn:aws:iam::444455556666:role/Post');
  });

  it('chooses: the role has the actions of what is chosen, and no others', async () => {
    const ofLetters = async (kinds: readonly string[]) => {
      const chosen = await stackOf({ ...both, ...post, letters_kinds: kinds });
      return ['ec2:CreateTags', 'ec2:DeleteTags'].map((action) =>
        allowing(chosen, action)
          .flatMap(({ resources }) => [resources].flat().map(String))
          .flatMap((arn) => /(volume|snapshot)/.exec(arn)?.[0] ?? []),
      );
    };
    expect(await ofLetters([])).toEqual([['volume'], []]);
    expect(await ofLetters(['stamps'])).toEqual([['snapshot'], ['snapshot']]);
    // One statement has both actions, so that it has what either may touch.
    expect(await ofLetters(['everything'])).toEqual([
      ['snapshot', 'volume'],
      ['snapshot', 'volume'],
    ]);
  });

  it('chooses: every type of the tagging pack fits into what AWS lets a role have', async () => {
    const all = await stackOf({ estate_types: ['all'] });
    for (const action of ['ec2:DescribeVolumes', 'ecr:TagResource', 'elasticloadbalancing:AddTags'])
      expect([action, allowing(all, action).length, allowing(without, action).length]).toEqual([action, 1, 0]);
    expect(every(all.all('aws_ecs_task_definition'))).toContain(String.raw`\"ESTATE_TYPES\",\"value\":\"all\"`);
    expect(every(without.all('aws_ecs_task_definition'))).not.toContain('ESTATE_TYPES');
  });

  it('scopes: at the identity provider', () => {
    expect(every(stack.all('aws_cognito_resource_server'))).toContain('letters:approve');
  });

  it('roles: a group of each pack beside those of all', () => {
    const groups = Object.values(stack.all('aws_cognito_user_group')).map(({ name }) => name);
    expect(groups).toEqual(expect.arrayContaining(['viewer', 'letters:approver', 'tagging:viewer']));
    expect(Object.values(without.all('aws_cognito_user_group')).map(({ name }) => name)).not.toContain(
      'tagging:viewer',
    );
  });

  it('routes: where an HTTP API leads to each', async () => {
    const [functions] = (await stacksOf('examples/startup/prod', { ...both, letters_role: 'Post' })).values();
    expect(every(functions?.all('aws_apigatewayv2_route') ?? {})).toContain('GET /letters');
  });

  it('metrics and alarms: counted from the log of the environment', () => {
    expect(found('aws_cloudwatch_log_metric_filter', ({ name }) => name === 'letters-lost').pattern).toBe(
      '{ ($.LettersLost >= 0) && ($.Office = "north") }',
    );
    expect(
      found('aws_cloudwatch_metric_alarm', ({ alarm_name: name }) => String(name).endsWith('-letters-lost')),
    ).toMatchObject({
      threshold: 9,
      period: 600,
      evaluation_periods: 2,
      statistic: 'Sum',
      metric_name: 'letters-lost',
    });
    expect(every(stack.all('aws_cloudwatch_dashboard'))).toContain('LettersLost');
  });

  it('providers: the table, the client, its secret and the keys that seal, where people connect accounts', async () => {
    const kept = 'countersign-dev-upstream-credentials';
    expect(found('aws_dynamodb_table', ({ name }) => name === kept).point_in_time_recovery).toMatchObject({
      enabled: false,
    });
    expect(every(without.all('aws_dynamodb_table'))).not.toContain(kept);
    expect(JSON.stringify(allowing(stack, 'dynamodb:DeleteItem'))).toContain('table_upstream_credentials');
    expect(container()).toContain(String.raw`\"LETTERS_CLIENT_ID\",\"value\":\"countersign\"`);
    expect(container()).toMatch(/secret_encryption_keys\.arn}:credentials_keys::/);
    expect(container()).toMatch(/secret_letter_office\.arn}:client_secret::/);
    const byHeader = every(
      (await stackOf({ ...both, ...post, letters_credentials: 'header' })).all('aws_ecs_task_definition'),
    );
    expect(byHeader).toContain('LETTERS_CREDENTIALS');
    expect(byHeader).not.toMatch(/CREDENTIALS_KEYS|LETTERS_CLIENT_SECRET/);
  });

  it('providers: their header is let in, and in no log; and people come back from them', async () => {
    const browsers = { ...both, letters_role: 'Post', cors_origins: ['https://chat.example.com'] };
    const [functions] = (await stacksOf('examples/startup/prod', browsers)).values();
    const { cors_configuration } = Object.values(functions?.all('aws_apigatewayv2_api') ?? {})[0] ?? {};
    expect(JSON.stringify(cors_configuration)).toContain('x-letters-token');
    expect(every(functions?.all('aws_apigatewayv2_stage') ?? {})).not.toMatch(/letters-token|header/i);
    expect(every(functions?.all('aws_apigatewayv2_route') ?? {})).toContain('GET /apps/accounts/{provider}/connected');
    const aclWith = async (changes: Record<string, unknown>) => {
      const props = webAclProps(await primaryDeploymentOf('prod', changes));
      return synthesized((scope) => new WebAcl(scope, 'acl', { ...props, name: 'edge', scope: 'CLOUDFRONT' }));
    };
    const acl = await aclWith({ ...both, ...post });
    expect(JSON.stringify(acl.one('aws_wafv2_web_acl_logging_configuration').redacted_fields)).toContain(
      'x-letters-token',
    );
    const stopped = accountRequests.map((request) => blockedBy(acl.one('aws_wafv2_web_acl'), request));
    expect(stopped.filter((rule) => rule !== undefined)).toEqual([]);
    const other = (await aclWith({})).one('aws_wafv2_web_acl');
    expect(accountRequests.some((request) => blockedBy(other, request) !== undefined)).toBe(true);
  });

  it('routes: what people write into its forms, and what is sent to its webhooks, is no attack', async () => {
    const sentence = 'note=Please+select+one+from+the+list;+--+<b>thanks</b>+../';
    const headers = { host: 'mcp.example.com', 'user-agent': 'Mozilla/5.0', cookie: 'a=b' };
    const blocked = async (changes: Record<string, unknown>, path: string) => {
      const props = webAclProps(await primaryDeploymentOf('prod', changes));
      const acl = synthesized((scope) => new WebAcl(scope, 'acl', { ...props, name: 'edge', scope: 'CLOUDFRONT' }));
      return blockedBy(acl.one('aws_wafv2_web_acl'), { method: 'POST', path, headers, body: sentence }) !== undefined;
    };
    // Its sender is a program, which may send no User-Agent.
    const paths = ['/letters/notes/ana', '/webhooks/letters', '/letters'];
    const enabled = { ...both, ...post };
    expect(await Promise.all(paths.map((path) => blocked(enabled, path)))).toEqual([false, false, true]);
    expect(await Promise.all(paths.map((path) => blocked({}, path)))).toEqual([true, true, true]);
  });

  it('egress: hosts that the network must lead to', async () => {
    const offer = networkOfferOf(await primaryDeploymentOf('dev', { ...both, ...post }));
    expect(offer?.upstreams).toContainEqual({ address: 'post.example.com', by: 'tool pack', what: letters });
    // Of a provider where people connect accounts; `authorization` is for browsers.
    expect(offer?.upstreams).toContainEqual({ address: 'office.example.com', by: 'tool pack', what: letters });
  });

  it('egress: an alarm on breakers and a graph of calls', () => {
    const ofBreakers = expect.stringMatching(/^aws_cloudwatch_metric_alarm\..*upstream-failing/);
    expect(stack.addresses).toContainEqual(ofBreakers);
    expect(without.addresses).not.toContainEqual(ofBreakers);
    expect(every(stack.all('aws_cloudwatch_dashboard'))).toContain('Calls of upstreams');
    expect(every(without.all('aws_cloudwatch_dashboard'))).not.toContain('Calls of upstreams');
  });
});
