import { commentOf } from './comment.ts';
import { PlanJson } from './plan-json.ts';
import { findingsOf } from './policy.ts';
import { reviewOf } from './review.ts';
import { reviewText } from './text.ts';

type Values = Readonly<Record<string, unknown>>;
const constant = (value: unknown) => ({ constant_value: value });

/** A plan of one resource that stands: what it was and becomes, and what the configuration writes. */
const planOf = (type: string, before: Values, after: Values, expressions: Values = {}, others: Values[] = []) =>
  PlanJson.parse({
    format_version: '1.2',
    resource_changes: [
      {
        address: `${type}.x`,
        mode: 'managed',
        type,
        name: 'x',
        change: { actions: [JSON.stringify(before) === JSON.stringify(after) ? 'no-op' : 'update'], before, after },
      },
      ...others.map(({ type: other, name, ...values }) => ({
        address: `${other}.${name}`,
        mode: 'managed',
        type: other,
        name,
        change: { actions: ['no-op'], before: values, after: values },
      })),
    ],
    configuration: { root_module: { resources: [{ address: `${type}.x`, type, expressions }] } },
  });
const notesOf = (...given: Parameters<typeof planOf>) => reviewOf('s', planOf(...given)).notes;
const standing = (type: string, values: Values, expressions: Values, others?: Values[]) =>
  notesOf(type, values, values, expressions, others);

describe('a setting that does nothing once it stands', () => {
  const count = { desired_count: constant(3) };

  it('is told with its owner and the command, though nothing changes', () => {
    expect(standing('aws_ecs_service', { desired_count: 5 }, count)).toEqual([
      'aws_ecs_service.x: the settings say desired_count 3 (desired_count), 5 is there and stays: scaling, schedules and operators own the count of tasks. To change it: npm run scale -- --environment <name> --desired <tasks>. See docs/runbooks/counts-and-weights.md.',
    ]);
  });

  it('is not told where it is as the settings say, is changed, or is made', () => {
    expect(standing('aws_ecs_service', { desired_count: 3 }, count)).toEqual([]);
    expect(notesOf('aws_ecs_service', { desired_count: 5 }, { desired_count: 3 }, count)).toEqual([]);
    expect(standing('aws_sqs_queue', { desired_count: 5 }, count)).toEqual([]);
  });

  it('is told of bounds and of schedules, whose numbers are texts', () => {
    const bounds = { min_capacity: constant(2), max_capacity: constant(10) };
    expect(standing('aws_appautoscaling_target', { min_capacity: 0, max_capacity: 10 }, bounds)).toEqual([
      expect.stringContaining('the settings say min_capacity 2 (min_count, max_count), 0 is there'),
    ]);
    const action = { scalable_target_action: [bounds] };
    expect(
      standing(
        'aws_appautoscaling_scheduled_action',
        { scalable_target_action: [{ min_capacity: '2', max_capacity: '4' }] },
        action,
      ),
    ).toEqual([expect.stringContaining('--schedule <schedule> --min <tasks> --max <tasks>')]);
  });

  it('is told of weights, by the colour and whatever their order', () => {
    const group = (name: string, weight: number) => ({
      arn: { references: [`aws_lb_target_group.${name}.arn`, `aws_lb_target_group.${name}`] },
      weight: constant(weight),
    });
    const configured = { action: [{ forward: [{ target_group: [group('blue', 100), group('green', 0)] }] }] };
    const live = (blue: number, green: number) => ({
      action: [
        {
          forward: [
            {
              target_group: [
                { arn: 'g', weight: green },
                { arn: 'b', weight: blue },
              ],
            },
          ],
        },
      ],
    });
    const groups = [
      { type: 'aws_lb_target_group', name: 'blue', arn: 'b' },
      { type: 'aws_lb_target_group', name: 'green', arn: 'g' },
    ];
    expect(standing('aws_lb_listener_rule', live(100, 0), configured, groups)).toEqual([]);
    expect(standing('aws_lb_listener_rule', live(0, 100), configured, groups)).toEqual([
      expect.stringContaining('weight of aws_lb_target_group.blue 100 (active_colour), 0 is there'),
      expect.stringContaining('weight of aws_lb_target_group.green 0 (active_colour), 100 is there'),
    ]);
  });
});

describe('a change that interrupts the database or the cache', () => {
  const database = (more: Values) => ({
    engine_version: '16',
    instance_class: 'db.t4g.micro',
    apply_immediately: false,
    maintenance_window: 'sun:07:00-sun:08:00',
    ...more,
  });
  const changed = (more: Values) => notesOf('aws_db_instance', database({}), database(more));

  it.each<[attribute: string, value: unknown]>([
    ['engine_version', '16.4'],
    ['instance_class', 'db.t4g.small'],
    ['allocated_storage', 100],
    ['storage_type', 'io2'],
    ['multi_az', true],
  ])('waits for the maintenance window, and says so: %s', (attribute, value) => {
    expect(changed({ [attribute]: value })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^aws_db_instance.x: ${attribute} .* waits for the maintenance window \\(sun:07:00-sun:08:00 UTC\\)`,
        ),
      ),
    ]);
  });

  it('is made at once where the settings say so', () => {
    expect(changed({ instance_class: 'db.t4g.small', apply_immediately: true })).toEqual([
      expect.stringContaining(
        'instance_class db.t4g.micro to db.t4g.small is made at once: it is away for some minutes',
      ),
    ]);
  });

  it('is told of a major upgrade with its outage and its runbook', () => {
    const upgrade = { engine_version: '17', apply_immediately: true, allow_major_version_upgrade: true };
    expect(changed(upgrade)).toEqual([
      'aws_db_instance.x: engine_version 16 to 17 is made at once: the database is away for 10 to 30 minutes or more and cannot go back: docs/runbooks/upgrade-database.md.',
    ]);
  });

  it('is told of a cache too', () => {
    const cache = { node_type: 'cache.t4g.micro', apply_immediately: false, maintenance_window: 'w' };
    expect(notesOf('aws_elasticache_replication_group', cache, { ...cache, node_type: 'cache.t4g.small' })).toEqual([
      expect.stringContaining('node_type cache.t4g.micro to cache.t4g.small waits'),
    ]);
  });
});

describe('an upgrade', () => {
  const refused = (type: string, before: Values, after: Values) =>
    findingsOf(planOf(type, before, after))
      .filter(({ check }) => check === 'possible-upgrades')
      .map(({ problem }) => problem);

  it.each<[what: string, from: string, to: string, allowed: boolean, problem: RegExp | undefined]>([
    ['a major one that nobody allowed', '16', '17', false, /db_allow_major_upgrade = true/],
    ['a major one that is allowed', '16', '17', true, undefined],
    ['two at once that are allowed', '15.6', '17', true, undefined],
    ['a minor one', '16.4', '16.6', false, undefined],
    ['one that no longer names the minor', '16.4', '16', false, undefined],
    ['back by a major one', '17', '16', true, /would go back from 17 to 16, which AWS refuses/],
    ['back by a minor one', '16.6', '16.4', true, /would go back/],
  ])('%s', (_, from, to, allow_major_version_upgrade, problem) => {
    const engine = (engine_version: string) => ({
      engine: 'postgres',
      engine_version,
      allow_major_version_upgrade,
      storage_encrypted: true,
    });
    expect(refused('aws_db_instance', engine(from), engine(to))).toEqual(
      problem === undefined ? [] : [expect.stringMatching(problem)],
    );
  });

  it('is not back to a minor version that RDS has left by itself', () => {
    const engine = (engine_version: string) => ({ engine: 'postgres', engine_version, engine_version_actual: '17.6' });
    expect(refused('aws_db_instance', engine('17'), engine('17.5'))).toEqual([
      expect.stringContaining('would go back from 17.6 to 17.5'),
    ]);
    expect(refused('aws_db_instance', engine('17'), engine('17.6'))).toEqual([]);
  });

  it('of a cache goes from Redis to Valkey, and not back', () => {
    const redis = { engine: 'redis', engine_version: '7.1', apply_immediately: true };
    const valkey = { engine: 'valkey', engine_version: '8.0', apply_immediately: true };
    expect(refused('aws_elasticache_replication_group', redis, valkey)).toEqual([]);
    expect(refused('aws_elasticache_replication_group', valkey, redis)).toEqual([
      expect.stringContaining('from Valkey back to Redis'),
    ]);
    // Its parameter group would be in use until the window.
    const later = { ...valkey, apply_immediately: false };
    expect(refused('aws_elasticache_replication_group', redis, later)).toEqual([
      expect.stringContaining('set apply_immediately = true for this deployment'),
    ]);
    expect(refused('aws_elasticache_replication_group', valkey, { ...later, engine_version: '8.1' })).toEqual([]);
  });
});

describe('what a destruction leaves', () => {
  const destroyed = (type: string, before: Values) =>
    reviewOf(
      's',
      PlanJson.parse({
        format_version: '1.2',
        resource_changes: [
          {
            address: `${type}.x`,
            mode: 'managed',
            type,
            name: 'x',
            change: { actions: ['delete'], before, after: null },
          },
        ],
      }),
    ).notes;

  it.each<[what: string, type: string, before: Values, said: string]>([
    ['a last snapshot', 'aws_db_instance', { final_snapshot_identifier: 'a-final-1' }, 'leaves the snapshot a-final-1'],
    ['nothing of a database', 'aws_db_instance', { skip_final_snapshot: true }, 'goes without a last snapshot'],
    ['a secret for days', 'aws_secretsmanager_secret', { recovery_window_in_days: 30 }, 'its name for 30 days'],
    ['no secret', 'aws_secretsmanager_secret', { recovery_window_in_days: 0 }, 'goes at once'],
    ['a key for days', 'aws_kms_key', { deletion_window_in_days: 30 }, 'everything encrypted with it is lost'],
  ])('is told: %s', (_, type, before, said) => {
    expect(destroyed(type, before)).toEqual([expect.stringContaining(said)]);
  });

  it('is nothing of anything else', () => {
    expect(destroyed('aws_sqs_queue', { name: 'q' })).toEqual([]);
  });
});

it('tells what is taken over', () => {
  const values = { name: 'n' };
  const { notes } = reviewOf(
    's',
    PlanJson.parse({
      format_version: '1.2',
      resource_changes: [
        {
          address: 'aws_secretsmanager_secret.x',
          mode: 'managed',
          type: 'aws_secretsmanager_secret',
          name: 'x',
          change: { actions: ['no-op'], before: values, after: values, importing: { id: 'arn-of-it' } },
        },
      ],
    }),
  );
  expect(notes).toEqual(['aws_secretsmanager_secret.x: is there already and is taken over (arn-of-it).']);
});

it('stands in the terminal and in the comment, of a plan without changes too', () => {
  const review = reviewOf(
    's',
    planOf('aws_ecs_service', { desired_count: 5 }, { desired_count: 5 }, { desired_count: constant(3) }),
  );
  expect(review.changes).toEqual([]);
  expect(reviewText(review)).toContain(' To know\n  *   aws_ecs_service.x: the settings say desired_count 3');
  const text = commentOf('dev', [{ stack: 's', outcome: 'none', waitsFor: [], review, findings: [] }]);
  expect(text).toMatch(/#### To know\n\n```\naws_ecs_service\.x: the settings say/);
});
