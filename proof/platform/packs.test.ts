/** Each member of a pack's contract, as it stands in the synthesized stack: a member that nobody reads would be a lie. */
import { jest } from '@jest/globals';
import type { PackContract } from '../../contracts/packs/pack.ts';
import { tagging } from '../../contracts/packs/tagging.ts';
import { integer } from '../../contracts/settings/setting.ts';
import { attribute } from '../../contracts/table.ts';
import { secret, text } from '../../contracts/variable.ts';
import type { Block, Synthesized } from '../../modules/testing/synthesized.ts';

const { string } = attribute;

/** The one pack of the registry, with one of everything that it has not got. */
const extended: PackContract = {
  ...tagging,
  scopes: { ...tagging.scopes, 'tag:forget': { description: 'Forget', implies: ['operations:read'], elevated: true } },
  tools: { ...tagging.tools, send_letter: { kind: 'query', scope: 'tag:read', actions: ['route53:ListHostedZones'] } },
  actions: { ...tagging.actions, 'route53:ListHostedZones': { reach: 'everywhere' } },
  tables: {
    ...tagging.tables,
    letters: {
      description: 'Letters.',
      postgres: 'letters',
      partition: 'letterId',
      attributes: { letterId: string },
      indexes: {},
      pointInTimeRecovery: false,
    },
  },
  variables: {
    ...tagging.variables,
    LETTERS_QUEUE_URL: text({ description: 'Queue of letters.' }),
    LETTERS_TOKEN: secret({ description: 'Token of the letter office.' }),
    LETTERS_MOST: text({ description: 'Letters a day.' }),
  },
  environment: { ...tagging.environment, LETTERS_MOST: { setting: 'letters_most' } },
  settings: { ...tagging.settings, letters_most: integer({ description: 'Letters.', default: 7, min: 1, max: 100 }) },
  secrets: { LETTERS_TOKEN: { description: 'Of the letter office.', from: 'letter-office:token' } },
  queues: { letters: { description: 'Letters to send.', variable: 'LETTERS_QUEUE_URL', visibilitySeconds: 90 } },
  schedules: {
    post: { description: 'Empties the box', expression: 'rate(1 hour)', queue: 'letters', message: { kind: 'post' } },
  },
  grants: ['mail', 'objects'],
  routes: {
    ...tagging.routes,
    letters: { method: 'GET', path: '/letters', auth: 'page', scope: 'tag:read', rate: 20 },
  },
  egress: ['post.example.com'],
  metrics: {
    ...tagging.metrics,
    LettersLost: { kind: 'counter', unit: 'Count', description: 'Letters lost.', dimensions: ['Office'] },
  },
  alarms: {
    'letters-lost': {
      metric: 'LettersLost',
      dimensions: { Office: 'north' },
      statistic: 'Sum',
      sounds: 'above',
      threshold: { setting: 'letters_most' },
      period: 600,
      periods: 2,
      topic: 'admin',
      meaning: 'Letters are lost.',
    },
  },
};

const mails = { mail_domain: 'example.com' };
const stackOf = async (changes: Record<string, unknown>): Promise<Synthesized> => {
  const { stacksOf } = await import('./synth.ts');
  const [stack] = (await stacksOf('dev', changes)).values();
  if (stack === undefined) throw new Error('no stack');
  return stack;
};
const every = (blocks: Readonly<Record<string, Block>>): string => JSON.stringify(Object.values(blocks));
const statements = (stack: Synthesized): readonly Block[] =>
  Object.values(stack.data('aws_iam_policy_document')).flatMap(({ statement }) => [statement].flat() as Block[]);
const allowing = (stack: Synthesized, action: string): readonly Block[] =>
  statements(stack).filter(({ actions, effect }) => effect !== 'Deny' && [actions].flat().includes(action));

describe('what a pack declares, in the stack of an environment that enables it', () => {
  let without: Synthesized;
  let stack: Synthesized;
  beforeAll(async () => {
    without = await stackOf(mails);
    jest.unstable_mockModule('../../contracts/packs/tagging.ts', () => ({ tagging: extended }));
    jest.resetModules();
    stack = await stackOf({ ...mails, letters_most: 9 });
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
    const { name } = found('aws_dynamodb_table', (block) => block.hash_key === 'letterId');
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

  it('queues: made with their dead letters, granted, and told to the service', () => {
    expect(found('aws_sqs_queue', ({ name }) => name === 'countersign-dev-letters').visibility_timeout_seconds).toBe(
      90,
    );
    expect(container()).toContain('https://sqs.us-east-1.amazonaws.com/111122223333/countersign-dev-letters');
    expect(allowing(stack, 'sqs:ReceiveMessage')).toHaveLength(1);
    expect(stack.addresses).toContainEqual(
      expect.stringMatching(/^aws_cloudwatch_metric_alarm\..*dead-letters-letters/),
    );
  });

  it('schedules: messages to the queue, by a role that may send them only', () => {
    expect(found('aws_scheduler_schedule', () => true)).toMatchObject({
      name: 'countersign-dev-scheduled-post',
      schedule_expression: 'rate(1 hour)',
      target: { input: expect.stringContaining('post') },
    });
    const sending = statements(stack).filter(({ sid }) => sid === 'QueuesSend');
    expect(sending).toEqual([expect.objectContaining({ actions: ['sqs:SendMessage'] })]);
  });

  it('grants: mail by its sender, and objects below its own folder', () => {
    expect(allowing(stack, 'ses:SendEmail')).toHaveLength(1);
    expect(JSON.stringify(allowing(stack, 's3:PutObject'))).toContain('packs/tagging/*');
    expect(container()).toContain('no-reply@example.com');
    expect(container()).toContain('OBJECTS_BUCKET');
    expect(allowing(without, 'ses:SendEmail')).toEqual([]);
  });

  it('tools and the reach of their actions', () => {
    expect(allowing(without, 'route53:ListHostedZones')).toEqual([]);
    expect(allowing(stack, 'route53:ListHostedZones')).toEqual([expect.objectContaining({ resources: ['*'] })]);
  });

  it('scopes: at the identity provider', () => {
    expect(every(stack.all('aws_cognito_resource_server'))).toContain('tag:forget');
  });

  it('routes: where an HTTP API leads to each', async () => {
    const { stacksOf } = await import('./synth.ts');
    const [functions] = (await stacksOf('examples/startup/prod', { letters_most: 9 })).values();
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

  it('egress: hosts that the network must lead to', async () => {
    const { networkOfferOf } = await import('../../modules/stacks/network-offer.ts');
    const { primaryDeploymentOf: deploymentOf } = await import('../../modules/testing/synthesized.ts');
    const offer = networkOfferOf(await deploymentOf('dev', { letters_most: 9 }));
    expect(offer?.upstreams).toContainEqual({ address: 'post.example.com', by: 'tool pack', what: 'tagging' });
  });
});
