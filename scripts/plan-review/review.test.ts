import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutCutover } from './cutover.ts';
import { PlanJson, type ResourceChange } from './plan-json.ts';
import { type Change, reviewOf, sectionsOf, totals } from './review.ts';
import { reviewText } from './text.ts';

/** Plans that terraform 1.11.4 and the provider 5.100.0 made of small stacks on moto, without what a review leaves out. */
const plan = async (name: string) =>
  PlanJson.parse(JSON.parse(await readFile(join(import.meta.dirname, `fixtures/${name}.plan.json`), 'utf8')));
const review = async (name: string) => reviewOf(name, await plan(name));
const change = async (address: string): Promise<Change> => {
  const found = (await review('change')).changes.find((each) => each.address === address);
  if (found === undefined) throw new Error(`no ${address}`);
  return found;
};

describe('the review of a plan', () => {
  it('counts what is destroyed, replaced, updated and created', async () => {
    expect(totals((await review('change')).changes)).toBe('1 to destroy, 1 to replace, 4 to update, 2 to create');
    expect(totals((await review('none')).changes)).toBe('No changes');
    expect(totals((await review('destroy')).changes)).toBe('4 to destroy');
  });

  it('tells what is destroyed and replaced first, then who may do what, updates, and new resources', async () => {
    const sections = sectionsOf((await review('change')).changes);
    expect(sections.map(({ name, changes }) => [name, ...changes.map(({ address }) => address)])).toEqual([
      ['destroyed', 'aws_dynamodb_table.audit', 'aws_lb_target_group.blue'],
      ['reach', 'aws_iam_role_policy.task', 'aws_vpc_security_group_ingress_rule.tasks', 'aws_subnet.wide'],
      ['updated', 'aws_sqs_queue.work', 'aws_ssm_parameter.header'],
      ['created', 'aws_s3_bucket.data'],
    ]);
  });

  it('names the attribute that forces a replacement, with both values', async () => {
    expect(await change('aws_lb_target_group.blue')).toMatchObject({
      action: 'replace',
      losesState: false,
      forcedBy: ['port: 3000 → 8080'],
    });
  });

  it('flags what holds data and goes', async () => {
    expect(await change('aws_dynamodb_table.audit')).toMatchObject({
      action: 'delete',
      losesState: true,
      forcedBy: ['no longer in the configuration'],
    });
  });

  it('tells a policy by what it comes to allow and ceases to allow', async () => {
    expect((await change('aws_iam_role_policy.task')).differences).toEqual([
      { path: 'policy', after: 'Allow s3:* on *' },
      {
        path: 'policy',
        before: 'Allow dynamodb:DeleteTable on arn:aws:dynamodb:us-east-1:123456789012:table/audit-logs',
      },
    ]);
  });

  it('masks what is sensitive, before and after', async () => {
    expect((await change('aws_ssm_parameter.header')).differences).toContainEqual({
      path: 'value',
      before: '(sensitive)',
      after: '(sensitive)',
    });
    for (const name of ['change', 'destroy', 'none']) {
      const text = JSON.stringify(await review(name)) + reviewText(await review(name));
      expect(text).not.toMatch(/secret-of-the-header/);
    }
    expect(JSON.stringify(await plan('change'))).toMatch(/the-second-secret-of-the-header/);
  });

  it('puts the worst first in the terminal too', async () => {
    const lines = reviewText(await review('change')).split('\n');
    expect(lines[0]).toBe('change: 1 to destroy, 1 to replace, 4 to update, 2 to create');
    expect(lines.indexOf('  -   aws_dynamodb_table.audit   HOLDS DATA')).toBe(3);
    expect(lines).toContain('        because port: 3000 → 8080');
    expect(lines).toContain('        cidr_ipv4: "10.0.0.0/16" → "0.0.0.0/0"');
  });
});

describe('what a cutover owns', () => {
  const update = (type: string, ...paths: string[]): Change => ({
    address: `${type}.x`,
    type,
    action: 'update',
    kind: 'other',
    losesState: false,
    forcedBy: [],
    differences: paths.map((path) => ({ path, before: '1', after: '2' })),
  });
  const left = (...changes: Change[]) => withoutCutover({ stack: 's', outputs: [], changes }).changes;

  it.each([
    ['aws_lambda_alias', 'function_version'],
    ['aws_lambda_alias', 'routing_config[0].additional_version_weights.2'],
    ['aws_route53_health_check', 'invert_healthcheck'],
  ])('is no drift: %s %s', (type, path) => {
    expect(left(update(type, path))).toEqual([]);
  });

  it('hides nothing else: neither beside it, nor of the same name elsewhere, nor a destruction', () => {
    expect(left(update('aws_lambda_alias', 'function_version', 'description'))).toMatchObject([
      { differences: [{ path: 'description' }] },
    ]);
    expect(left(update('aws_lambda_function', 'function_version'))).toHaveLength(1);
    expect(left(update('aws_lambda_alias', 'function_versions'))).toHaveLength(1);
    expect(left({ ...update('aws_lambda_alias', 'function_version'), action: 'delete' })).toHaveLength(1);
  });

  it('tells a count that somebody changed by hand although Terraform owns it', () => {
    expect(left(update('aws_ecs_service', 'desired_count'))).toHaveLength(1);
    expect(left(update('aws_appautoscaling_target', 'max_capacity'))).toHaveLength(1);
  });
});

describe('a difference', () => {
  const differences = (change: Partial<ResourceChange['change']>) =>
    reviewOf('s', {
      format_version: '1.2',
      output_changes: {},
      resource_changes: [
        {
          address: 'aws_thing.x',
          mode: 'managed',
          type: 'aws_thing',
          name: 'x',
          change: {
            actions: ['update'],
            before: {},
            after: {},
            after_unknown: {},
            before_sensitive: false,
            after_sensitive: false,
            ...change,
          },
        },
      ],
    }).changes[0]?.differences;

  it('is masked when any part of a list is sensitive', () => {
    expect(
      differences({
        before: { list: ['a', 'b'] },
        after: { list: ['a', 'c'] },
        after_sensitive: { list: [false, true] },
      }),
    ).toEqual([{ path: 'list', before: '(sensitive)', after: '(sensitive)' }]);
  });

  it('is masked by its name where the provider forgot', () => {
    expect(differences({ before: {}, after: { master: { password: 'hunter2' } } })).toEqual([
      { path: 'master.password', after: '(sensitive)' },
    ]);
  });

  it('is masked when it is a policy that holds a secret', () => {
    const policy = (action: string) => JSON.stringify({ Statement: [{ Action: action, Resource: '*' }] });
    expect(
      differences({
        before: { policy: policy('a:B') },
        after: { policy: policy('c:D') },
        after_sensitive: { policy: true },
      }),
    ).toEqual([{ path: 'policy', before: '(sensitive)', after: '(sensitive)' }]);
  });

  it('says what only AWS will know', () => {
    expect(differences({ before: { version: '1' }, after: {}, after_unknown: { version: true } })).toEqual([
      { path: 'version', before: '"1"', after: '(known after apply)' },
    ]);
  });

  describe('of a policy document', () => {
    const policy = JSON.stringify({ Statement: [{ Action: ['a:B', 'a:C'], Resource: '*' }] });

    it.each(['policy', 'assume_role_policy', 'resource_policy'])(
      'that %s will become ceases to allow nothing',
      (name) => {
        const to = { path: name, before: '2 permissions', after: '(known after apply)' };
        // terraform leaves what is unknown out of `after`, or writes null.
        for (const after of [{}, { [name]: null }])
          expect(differences({ before: { [name]: policy }, after, after_unknown: { [name]: true } })).toEqual([to]);
      },
    );

    it('that is below others too', () => {
      expect(
        differences({
          before: { inline_policy: [{ name: 'a', policy }] },
          after: { inline_policy: [{ name: 'a' }] },
          after_unknown: { inline_policy: [{ policy: true }] },
        }),
      ).toEqual([{ path: 'inline_policy[0].policy', before: '2 permissions', after: '(known after apply)' }]);
    });

    it('that becomes sensitive says no more', () => {
      expect(
        differences({
          before: { policy },
          after: {},
          after_unknown: { policy: true },
          before_sensitive: { policy: true },
        }),
      ).toEqual([{ path: 'policy', before: '(sensitive)', after: '(known after apply)' }]);
    });

    it('that only reads otherwise is still told', () => {
      const renamed = JSON.stringify({ Statement: [{ Sid: 'Named', Action: ['a:B', 'a:C'], Resource: '*' }] });
      expect(differences({ before: { policy }, after: { policy: renamed } })).toEqual([
        { path: 'policy.Statement[0].Sid', after: '"Named"' },
      ]);
    });

    it('of a new resource is told although it is unknown', () => {
      expect(
        differences({ actions: ['create'], before: null, after: {}, after_unknown: { policy: true, id: true } }),
      ).toEqual([{ path: 'policy', after: '(known after apply)' }]);
    });
  });

  it('says what only AWS will know inside lists, maps and blocks', () => {
    expect(
      differences({
        before: { ids: ['a', 'b'], tags: { One: '1', Two: '2' }, block: [{ arn: 'x', on: true }], gone: ['z'] },
        after: { ids: ['a', null], tags: { One: '1' }, block: [{ on: true }] },
        after_unknown: { ids: [false, true], tags: { Two: true }, block: [{ arn: true }], gone: true },
      }),
    ).toEqual([
      { path: 'block[0].arn', before: '"x"', after: '(known after apply)' },
      { path: 'gone', before: '["z"]', after: '(known after apply)' },
      { path: 'ids', before: '["a","b"]', after: '["a","(known after apply)"]' },
      { path: 'tags.Two', before: '"2"', after: '(known after apply)' },
    ]);
  });

  it('says so of a list or block that was not there', () => {
    expect(differences({ before: {}, after: {}, after_unknown: { ids: [true], block: [{ arn: true }] } })).toEqual([
      { path: 'block[0].arn', after: '(known after apply)' },
      { path: 'ids[0]', after: '(known after apply)' },
    ]);
  });

  describe('inside a text of JSON', () => {
    const definitions = (image: string, secret: string) =>
      JSON.stringify([{ name: 'app', image, environment: [{ name: 'DB_PASSWORD', value: secret }] }]);

    it('is told by its path, and masked by the name of a variable', () => {
      expect(
        differences({
          before: { container_definitions: definitions('a:1', 'hunter1') },
          after: { container_definitions: definitions('a:2', 'hunter2') },
        }),
      ).toEqual([{ path: 'container_definitions[0].image', before: '"a:1"', after: '"a:2"' }]);
    });

    it('that will be known after apply is not told as removed', () => {
      expect(
        differences({
          before: { event_pattern: '{"source":["aws.guardduty"]}' },
          after: {},
          after_unknown: { event_pattern: true },
        }),
      ).toEqual([{ path: 'event_pattern', before: '{"source":["aws.guardduty"]}', after: '(known after apply)' }]);
    });

    it('does not unmask what is sensitive', () => {
      expect(
        differences({
          before: { text: '{"a":1}' },
          after: { text: '{"a":2}' },
          after_sensitive: { text: true },
        }),
      ).toEqual([{ path: 'text', before: '(sensitive)', after: '(sensitive)' }]);
    });
  });

  it('is one line, cut where it is long', () => {
    const [difference] = differences({ before: {}, after: { text: `one\ntwo ${'x'.repeat(500)}` } }) ?? [];
    expect(difference?.after).toHaveLength(120);
    expect(difference?.after).not.toContain('\n');
  });
});
