/** Maintenance as operators switch it, on a stand-in for AWS. */
import {
  CreateRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { doctor } from './doctor.ts';
import { makeBalancer } from './emulator/balancer.ts';
import { maintenance } from './maintenance.ts';
import type { Finding } from './operate/health/examine.ts';
import { bodyOf, defaultMessage, pageOf, untilOf } from './operate/maintenance/page.ts';
import { onStandIn } from './operate/on-stand-in.ts';

const region = 'us-east-1';
const later = new Date(Date.now() + 3_600_000);
later.setMilliseconds(0);

describe('the answer', () => {
  it('is JSON of at most 1,024 bytes, which the stand-in would not mind', () => {
    const rest = Buffer.byteLength(bodyOf({ message: '' }));
    expect(Buffer.byteLength(bodyOf({ message: 'x'.repeat(1024 - rest) }))).toBe(1024);
    expect(() => bodyOf({ message: 'x'.repeat(1025 - rest) })).toThrow(
      'The answer would be 1025 bytes, and a load balancer takes 1024: shorten --message by 1 bytes.',
    );
    // Bytes, not letters.
    expect(() => bodyOf({ message: 'ü'.repeat(600) })).toThrow('and a load balancer takes 1024');
  });

  it('is known again, and another rule’s answer is not', () => {
    expect(pageOf(bodyOf({ message: 'back soon', until: later }))).toEqual({ message: 'back soon', until: later });
    for (const other of ['', 'closed', '{"error":"forbidden"}', 'null', '"maintenance"'])
      expect(pageOf(other)).toBeUndefined();
  });

  it.each([
    'tomorrow',
    '2027-01-31',
    '2027-01-31T06:00',
    '2027-13-31T06:00Z',
    '2027-02-30T06:00Z',
    '2020-01-31T06:00Z',
  ])('takes no %s for its end', (given) => {
    expect(() => untilOf(given, new Date('2026-11-29T00:00Z'))).toThrow('--until');
  });
});

describe('with a load balancer', () => {
  const environment = 'examples/tag-governance/prod';
  const standIn = onStandIn(environment);
  const run = (args: readonly string[], more: Parameters<typeof standIn.run>[2] = {}) =>
    standIn.run(maintenance, ['--environment', environment, ...args], more);
  const elb = () => new ElasticLoadBalancingV2Client({ region });
  let ListenerArn: string;

  const verified: RuleCondition = {
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName: 'x-origin-verify', Values: ['current', 'previous'] },
  };
  const paths: RuleCondition = { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } };
  const make = (Priority: number, Conditions: RuleCondition[], TargetGroupArn: string) =>
    elb().send(
      new CreateRuleCommand({ ListenerArn, Priority, Conditions, Actions: [{ Type: 'forward', TargetGroupArn }] }),
    );

  beforeEach(async () => {
    const balancer = await makeBalancer(region, 'tagging-mcp-alb');
    const group = await balancer.group('blue-1', 8080);
    ListenerArn = await balancer.listen({ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } });
    // Not in the order in which they count.
    await make(100, [paths, verified], group);
    const preview = { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-mcp-preview', Values: ['blue:s'] } };
    await make(10, [preview], group);
  });

  const rules = async () => (await elb().send(new DescribeRulesCommand({ ListenerArn }))).Rules ?? [];
  const ours = async (): Promise<Rule[]> => (await rules()).filter(({ Priority }) => Priority === '50');
  const body = async () => JSON.parse((await ours())[0]?.Actions?.[0]?.FixedResponseConfig?.MessageBody ?? '{}');

  it('answers every call with 503 before the service does, and leaves the preview’s rule before it', async () => {
    expect(await run(['on', '--until', later.toISOString().replace('.000', ''), '--yes'])).toBe(0);
    const [rule] = await ours();
    expect(rule?.Actions).toMatchObject([
      { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'application/json' } },
    ]);
    expect(await body()).toEqual({ error: 'maintenance', message: defaultMessage, until: later.toISOString() });
    // Behind CloudFront, what comes around it is still refused.
    expect(rule?.Conditions).toMatchObject([paths, verified]);
    expect((await rules()).map(({ Priority }) => Priority).toSorted()).toEqual(['10', '100', '50', 'default']);
    const { TagDescriptions } = await elb().send(new DescribeTagsCommand({ ResourceArns: [rule?.RuleArn ?? ''] }));
    expect(TagDescriptions).toMatchObject([{ Tags: [{ Key: 'Purpose', Value: 'maintenance' }] }]);
  });

  it('twice is one rule: the same is nothing, another end changes it', async () => {
    expect(await run(['on', '--yes'])).toBe(0);
    const [first] = await ours();
    standIn.forget();
    expect(await run(['on', '--yes'])).toBe(0);
    expect(standIn.lines.at(-1)).toBe('It is so already.');
    expect(await run(['on', '--message', 'Back at six.', '--yes'])).toBe(0);
    const all = await ours();
    expect(all.map(({ RuleArn }) => RuleArn)).toEqual([first?.RuleArn]);
    expect(await body()).toEqual({ error: 'maintenance', message: 'Back at six.' });
  });

  it('is switched off, and off twice is nothing', async () => {
    await run(['on', '--yes']);
    expect(await run(['off', '--yes', '--json'])).toBe(0);
    expect(JSON.parse(standIn.lines.at(-1) ?? '')).toMatchObject({ maintenance: 'off', outcome: 'changed' });
    expect(await ours()).toEqual([]);
    expect(await run(['off', '--yes', '--json'])).toBe(0);
    expect(JSON.parse(standIn.lines.at(-1) ?? '')).toMatchObject({ outcome: 'unchanged', changes: [] });
  });

  it('changes nothing on a dry run, without an answer, and on a wrong call', async () => {
    expect(await run(['on', '--dry-run'])).toBe(2);
    expect(await run(['on'])).toBe(1);
    expect(await run(['on'], { ask: async () => 'no' })).toBe(1);
    expect(await run(['onn', '--yes'])).toBe(64);
    expect(standIn.said()).toContain('maintenance does not know "onn"; did you mean on?');
    expect(await run(['off', '--until', '2030-01-01T00:00Z', '--yes'])).toBe(64);
    expect(await run(['on', '--message', 'x'.repeat(1024), '--yes'])).toBe(64);
    expect(await ours()).toEqual([]);
  });

  it('leaves a rule that somebody else put there, and names it', async () => {
    const { Rules } = await elb().send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 50,
        Conditions: [paths],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', MessageBody: 'closed' } }],
      }),
    );
    for (const verb of ['on', 'off']) expect(await run([verb, '--yes'])).toBe(1);
    expect(standIn.said()).toContain(`Rule 50 of the listener is not ours: ${Rules?.[0]?.RuleArn}`);
    expect(await ours()).toHaveLength(1);
  });

  it('is told by the doctor, who says when it should have ended', async () => {
    const told = async () => {
      await standIn.run(doctor, ['--environment', environment, '--check', 'maintenance', '--json']);
      const [finding] = JSON.parse(standIn.lines.at(-1) ?? '[]') as Finding[];
      return [finding?.verdict, finding?.says];
    };
    expect(await told()).toEqual(['ok', 'is not there: maintenance is off']);
    await run(['on', '--until', later.toISOString().replace('.000', ''), '--yes']);
    const off = 'npm run maintenance -- --environment <name> off';
    expect(await told()).toEqual(['attention', `answers every call with 503, until ${later.toISOString()}: ${off}`]);
    const [rule] = await ours();
    const { judgeMaintenance } = await import('./operate/health/checks/maintenance.ts');
    const found = { listener: ListenerArn, live: {}, rule, page: { message: '', until: later } };
    expect(judgeMaintenance(found, new Date(later.getTime() + 1000))).toMatchObject({
      verdict: 'broken',
      says: `answers every call with 503, which was to end at ${later.toISOString()}: ${off}`,
    });
    expect(judgeMaintenance({ ...found, page: undefined }, later)).toMatchObject({ verdict: 'attention' });
  });
});

describe('of a function', () => {
  const environment = 'examples/startup/prod';
  const FunctionName = 'startup-mcp-prod-service';
  const standIn = onStandIn(environment);
  const run = (args: readonly string[]) => standIn.run(maintenance, ['--environment', environment, ...args]);
  const reserved = async () =>
    (await new LambdaClient({ region }).send(new GetFunctionConcurrencyCommand({ FunctionName })))
      .ReservedConcurrentExecutions;

  it('is that it takes no calls, and off gives it back what the settings say', async () => {
    expect(await run(['on', '--yes'])).toBe(1);
    expect(standIn.said()).toContain(`There is no function ${FunctionName} in ${region}: npm run deploy`);
    const role = await new IAMClient({ region }).send(
      new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}' }),
    );
    await new LambdaClient({ region }).send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role.Role?.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: Buffer.from('x') },
      }),
    );
    expect(await run(['on', '--yes'])).toBe(0);
    expect(await reserved()).toBe(0);
    expect(standIn.said()).toContain('takes no calls: API Gateway answers 5xx by itself');
    expect(await run(['off', '--yes'])).toBe(0);
    expect(await reserved()).not.toBe(0);
  });
});
