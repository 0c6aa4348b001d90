import { join } from 'node:path';
import { type Host, runCommand } from '../platform/command.ts';
import { PlanJson } from './plan-json.ts';
import { checks, findingsOf, policy } from './policy.ts';

const fixture = (name: string) => join(import.meta.dirname, `fixtures/${name}.plan.json`);
const tags = { Project: 'p', Environment: 'dev', ManagedBy: 'countersign', Stack: 's' };

/** A plan with these resources: what they were, and what they become. */
const planOf = (
  ...resources: { type: string; before?: object; after?: object; unknown?: object; name?: string; mode?: string }[]
) =>
  PlanJson.parse({
    format_version: '1.2',
    resource_changes: resources.map(({ type, name = 'x', mode = 'managed', before, after, unknown = {} }) => ({
      address: `${type}.${name}`,
      mode,
      type,
      name,
      change: {
        actions: after === undefined ? ['delete'] : before === undefined ? ['create'] : ['delete', 'create'],
        before: before ?? null,
        after: after ?? null,
        after_unknown: unknown,
      },
    })),
  });
const found = (plan: PlanJson) => findingsOf(plan).map(({ check, address }) => `${check} ${address}`);
const allow = (Action: string, Resource: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource }] });

describe('what no plan may do', () => {
  it.each([
    ['wildcards', planOf({ type: 'aws_iam_role_policy', after: { policy: allow('s3:*', '*') } })],
    [
      'wildcards',
      planOf({
        type: 'aws_iam_policy_document',
        mode: 'data',
        after: { statement: [{ actions: ['ec2:*'], resources: ['*'], effect: 'Allow' }] },
      }),
    ],
    ['encryption', planOf({ type: 'aws_db_instance', after: { storage_encrypted: false } })],
    ['encryption', planOf({ type: 'aws_sns_topic', after: { kms_master_key_id: null } })],
    [
      'public-access',
      planOf({ type: 'aws_db_instance', after: { storage_encrypted: true, publicly_accessible: true } }),
    ],
    [
      'public-access',
      planOf({
        type: 'aws_vpc_security_group_ingress_rule',
        after: { cidr_ipv4: '0.0.0.0/0', from_port: 5432, to_port: 5432 },
      }),
    ],
    [
      'mandatory-tags',
      planOf({ type: 'aws_sqs_queue', after: { sqs_managed_sse_enabled: true, tags: { Project: 'p' }, tags_all: {} } }),
    ],
    ['mandatory-tags', planOf({ type: 'aws_ecs_cluster', after: { tags: null, tags_all: {} } })],
    ['private-addresses', planOf({ type: 'aws_vpc', after: { cidr_block: '172.32.0.0/16' } })],
    ['stateful-destroy', planOf({ type: 'aws_dynamodb_table', before: {} })],
    ['stateful-destroy', planOf({ type: 'aws_db_instance', before: {}, after: { storage_encrypted: true } })],
  ])('%s', (check, plan) => {
    expect(found(plan).map((line) => line.split(' ')[0])).toEqual([check]);
  });

  it('nothing is found in what is as it should be', () => {
    const plan = planOf(
      { type: 'aws_db_instance', after: { storage_encrypted: true, publicly_accessible: false, tags, tags_all: tags } },
      // Its key is made by the same plan.
      { type: 'aws_sns_topic', after: { tags, tags_all: tags }, unknown: { kms_master_key_id: true } },
      { type: 'aws_vpc', after: { cidr_block: '172.31.0.0/16', tags, tags_all: tags } },
      // Tags that only AWS can say.
      { type: 'aws_ecs_cluster', after: { tags_all: {} }, unknown: { tags: true, tags_all: true } },
      {
        type: 'aws_ecs_service',
        after: { tags: { ...tags, Stack: undefined }, tags_all: {} },
        unknown: { tags: { Stack: true } },
      },
      { type: 'aws_iam_role_policy', after: { policy: allow('s3:GetObject', 'arn:aws:s3:::data/*') } },
      { type: 'aws_lb', before: {} },
    );
    expect(found(plan)).toEqual([]);
  });
});

describe('the command', () => {
  const run = async (...args: string[]) => {
    const lines: string[] = [];
    const host: Host = {
      root: '.',
      env: {},
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
      ask: undefined,
    };
    return { code: await runCommand(policy, args, host), lines };
  };

  it('refuses a real plan that breaks each of them, and names what and why', async () => {
    const { code, lines } = await run(fixture('change'));
    expect(code).toBe(1);
    for (const name of [
      'wildcards',
      'public-access',
      'mandatory-tags',
      'private-addresses',
      'stateful-destroy',
      'still-used',
    ])
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^REFUSED aws_.*\\(${name}\\)$`)));
  });

  it('lets a check pass that somebody allows, and still tells it', async () => {
    const { code, lines } = await run(fixture('destroy'), '--allow', 'stateful-destroy');
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^allowed aws_dynamodb_table.audit/));
    expect(await run(fixture('destroy'))).toMatchObject({ code: 1 });
  });

  it('knows its checks, and refuses other names and files', async () => {
    expect(await run(fixture('none'), '--allow', 'everything')).toMatchObject({
      code: 64,
      lines: [expect.stringContaining('--allow does not take "everything". It takes wildcards, ')],
    });
    expect(await run(import.meta.filename)).toMatchObject({ code: 1, lines: [expect.stringContaining('is no plan')] });
    expect(await run()).toMatchObject({ code: 64 });
    const { lines } = await run('--help');
    for (const { name, asks } of checks) expect(lines.join('\n')).toContain(`${name.padEnd(22)}${asks}`);
  });
});
