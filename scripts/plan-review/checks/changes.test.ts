import { PlanJson } from '../plan-json.ts';
import { reviewOf } from '../review.ts';
import type { Check } from './check.ts';
import { protectedDestroy } from './protected.ts';
import { refusedChanges } from './refused-changes.ts';
import { stillUsed } from './still-used.ts';
import { takenNames } from './taken-names.ts';

type Values = Readonly<Record<string, unknown>>;
interface Row {
  readonly before?: Values;
  readonly after?: Values;
  readonly actions: readonly string[];
  readonly dependsOn?: readonly string[];
}

const planOf = (rows: Readonly<Record<string, Row>>, configured: Readonly<Record<string, Values>> = {}) => {
  const parts = (address: string) => ({ address, type: address.split('.')[0] ?? '' });
  return PlanJson.parse({
    format_version: '1.2',
    resource_changes: Object.entries(rows).map(([address, { before = null, after = null, actions }]) => ({
      ...parts(address),
      name: 'x',
      mode: 'managed',
      change: { before, after, actions },
    })),
    prior_state: {
      values: {
        root_module: {
          resources: Object.entries(rows).flatMap(([address, { before, dependsOn }]) =>
            before === undefined ? [] : [{ ...parts(address), values: before, depends_on: dependsOn ?? [] }],
          ),
        },
      },
    },
    configuration: {
      root_module: {
        resources: Object.entries(configured).map(([address, expressions]) => ({ ...parts(address), expressions })),
      },
    },
  });
};
const found = ({ breaches }: Check, rows: Readonly<Record<string, Row>>): string[] =>
  breaches(planOf(rows)).map(({ address, problem }) => `${address} ${problem}`);

describe('what is still used', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/blue/1';
  const group: Row = { before: { arn, port: 80 }, after: { port: 8080 }, actions: ['create', 'delete'] };
  const rule = (target: string, actions = ['no-op']): Row => {
    const values = { action: [{ forward: [{ target_group: [{ arn: target, weight: 0 }] }] }] };
    return { before: values, after: values, actions };
  };
  const replaced = (live: Row) =>
    found(stillUsed, { 'aws_lb_target_group.blue': group, 'aws_lb_listener_rule.live': live });

  it('is a target group while a rule forwards to it, at whatever weight', () => {
    expect(replaced(rule(arn))).toEqual([
      'aws_lb_target_group.blue would go while aws_lb_listener_rule.live still uses it: change one colour at a time, and take it out of the rule first',
    ]);
  });

  it('is none once it is detached, or when the rule goes with it', () => {
    expect(replaced(rule('arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/green/2'))).toEqual([]);
    expect(replaced(rule(arn, ['delete']))).toEqual([]);
  });

  it('is a key with which a database stays encrypted, although the database does not change', () => {
    const values = { id: 'db-1', kms_key_id: 'arn:aws:kms:us-east-1:111122223333:key/1' };
    expect(
      found(stillUsed, {
        'aws_kms_key.data': { before: { id: '1', arn: values.kms_key_id }, actions: ['delete'] },
        'aws_db_instance.database': { before: values, after: values, actions: ['no-op'] },
      }),
    ).toEqual([expect.stringContaining('can be read no more once the key is gone: keep encryption = "cmk"')]);
  });

  it('is not what has the name of something else that stays, or of its user', () => {
    const vault = (region: string) => ({ id: 'main', arn: `arn:aws:backup:${region}:111122223333:backup-vault:main` });
    expect(
      found(stillUsed, {
        'aws_backup_vault.copy': { before: vault('us-west-2'), actions: ['delete'] },
        'aws_backup_vault.main': { before: vault('us-east-1'), after: vault('us-east-1'), actions: ['no-op'] },
        'aws_backup_plan.daily': {
          before: { name: 'main', target: 'main', copy: vault('us-west-2').arn },
          after: { name: 'main', target: 'main' },
          actions: ['update'],
          dependsOn: ['aws_backup_vault.copy'],
        },
      }),
    ).toEqual([]);
  });

  it('is not a role that RDS forgets by itself', () => {
    const values = { monitoring_interval: 60, monitoring_role_arn: 'arn:aws:iam::111122223333:role/insights' };
    expect(
      found(stillUsed, {
        'aws_iam_role.insights': { before: { id: 'insights', arn: values.monitoring_role_arn }, actions: ['delete'] },
        'aws_db_instance.database': {
          before: values,
          after: { ...values, monitoring_interval: 0 },
          actions: ['update'],
        },
      }),
    ).toEqual([]);
  });
});

describe('a taken name', () => {
  it('is that of a load balancer which is replaced under it, with the setting that gives another', () => {
    const replaced = (after: string) =>
      found(takenNames, {
        'aws_lb.main': { before: { name: 'main-alb' }, after: { name: after }, actions: ['create', 'delete'] },
      });
    expect(replaced('main-alb')).toEqual([expect.stringContaining('names = { load-balancer = "..." }')]);
    expect(replaced('other-alb')).toEqual([]);
  });

  it('is the range of a zone that goes, given to another', () => {
    const values = { vpc_id: 'vpc-1', cidr_block: '10.0.3.0/24' };
    expect(
      found(takenNames, {
        'aws_subnet.c': { before: values, actions: ['delete'] },
        'aws_subnet.d': { after: values, actions: ['create'] },
      }),
    ).toEqual([
      'aws_subnet.d would be made while aws_subnet.c stands, which has the same name or place: give the zone a range that no subnet has',
    ]);
  });

  it('is none where the old one goes first, or where AWS makes the name', () => {
    const record = { zone_id: 'Z1', name: 'mcp.example.com', type: 'A' };
    expect(
      found(takenNames, {
        'aws_route53_record.a': {
          before: record,
          after: { ...record, set_identifier: 'eu' },
          actions: ['delete', 'create'],
        },
        'aws_lb_target_group.blue': {
          before: { name: 'blue-1' },
          after: { name_prefix: 'blue-' },
          actions: ['create', 'delete'],
        },
      }),
    ).toEqual([]);
  });
});

describe('a change that AWS refuses', () => {
  const pool = (...names: string[]) => ({ schema: names.map((name) => ({ name, attribute_data_type: 'String' })) });
  const update = (address: string, before: Values, after: Values) =>
    found(refusedChanges, { [address]: { before, after, actions: ['update'] } });

  it('is an attribute taken from a user pool, and not one that is added', () => {
    expect(update('aws_cognito_user_pool.user_pool', pool('agency', 'role'), pool('role'))).toEqual([
      expect.stringContaining('would lose agency, and Cognito never gives up an attribute'),
    ]);
    expect(update('aws_cognito_user_pool.user_pool', pool('role'), pool('agency', 'role'))).toEqual([]);
  });

  it('is a database that shrinks, or may not grow to what it is', () => {
    const sizes = (allocated_storage: number, max_allocated_storage: number) => ({
      allocated_storage,
      max_allocated_storage,
    });
    expect(update('aws_db_instance.database', sizes(40, 200), sizes(20, 0))).toEqual([
      expect.stringContaining('would shrink from 40 to 20 GB'),
    ]);
    expect(update('aws_db_instance.database', sizes(140, 200), sizes(140, 100))).toEqual([
      expect.stringContaining('raise db_max_gb'),
    ]);
    expect(update('aws_db_instance.database', sizes(20, 100), sizes(40, 200))).toEqual([]);
  });

  it('is deleting what is protected', () => {
    const destroyed = (before: Values) => found(protectedDestroy, { 'aws_x.x': { before, actions: ['delete'] } });
    for (const before of [
      { deletion_protection: true },
      { deletion_protection: 'ACTIVE' },
      { enable_deletion_protection: true },
    ])
      expect(destroyed(before)).toEqual([expect.stringContaining('set deletion_protection = false')]);
    expect(destroyed({ deletion_protection: 'INACTIVE' })).toEqual([]);
  });
});

describe('storage that is not given back', () => {
  const notes = (has: number, asked: number) => {
    const values = { allocated_storage: has };
    const rows = { 'aws_db_instance.database': { before: values, after: values, actions: ['no-op'] } };
    return reviewOf('s', planOf(rows, { 'aws_db_instance.database': { allocated_storage: { constant_value: asked } } }))
      .notes;
  };

  it('is told, because the provider plans nothing', () => {
    expect(notes(40, 20)).toEqual([expect.stringContaining('db_gb asks for 20 GB, and it has 40, which stay')]);
    expect(notes(20, 20)).toEqual([]);
  });
});
