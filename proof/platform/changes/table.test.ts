import { settings } from '../../../contracts/settings/index.ts';
import { settingsOf } from '../../../modules/testing/synthesized.ts';
import { PlanJson } from '../../../scripts/plan-review/plan-json.ts';
import { appliedNames } from '../applied.ts';
import { attribution } from './attribution.ts';
import { type Blocks, blocksOf } from './blocks.ts';
import { readOutcomes, titleOf } from './outcomes.ts';
import { changeRows } from './table.ts';

describe('the table of changes', () => {
  it('tries each change once, on an environment that is applied', () => {
    const titles = changeRows.map(titleOf);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    expect(changeRows.filter(({ environment }) => !appliedNames.includes(environment))).toEqual([]);
  });

  it('has an outcome for every change, and no others', () => {
    expect(readOutcomes().map(({ change, environment }) => [change, environment])).toEqual(
      changeRows.map((row) => [titleOf(row), row.environment]),
    );
  });

  it('says what to do instead of a change that is refused', () => {
    const refused = readOutcomes().filter(({ refused: checks }) =>
      checks.some((check) => check !== 'stateful-destroy'),
    );
    const silent = changeRows.filter(
      (row) => refused.some(({ change }) => change === titleOf(row)) && row.note === undefined,
    );
    expect(silent).toEqual([]);
  });

  it.each(changeRows.map((row) => [titleOf(row), row] as const))(
    '%s: changes settings that may have such values',
    async (_, row) => {
      expect(Object.keys(row.changes).every((name) => Object.hasOwn(settings, name))).toBe(true);
      expect((await settingsOf(row.environment, row.changes)).length).toBeGreaterThan(0);
    },
  );
});

describe('whose doing a change is', () => {
  const [row, other] = changeRows;
  const stack = (port: number, size: string): Blocks =>
    blocksOf(
      JSON.stringify({
        resource: {
          aws_lb_target_group: { blue: { port } },
          aws_db_instance: { database: { size } },
          aws_ecs_service: { service: { group: '${aws_lb_target_group.blue.arn}' } },
        },
      }),
    );

  it('is that of the row which adds, removes or changes the resource, or else what it depends on', () => {
    if (row === undefined || other === undefined) throw new Error('the table is empty');
    const plan = PlanJson.parse({ format_version: '1.2' });
    const owners = attribution(
      stack(80, 'small'),
      [
        { row, blocks: stack(81, 'small') },
        { row: other, blocks: stack(80, 'large') },
      ],
      plan,
    );
    expect(owners('aws_lb_target_group.blue')).toEqual([row]);
    expect(owners('aws_ecs_service.service')).toEqual([row]);
    expect(owners('aws_db_instance.database')).toEqual([other]);
    expect(owners('aws_vpc.vpc')).toEqual([]);
    const gone = new Map([...stack(80, 'small')].filter(([address]) => address !== 'aws_ecs_service.service'));
    const changing = [
      { row, blocks: stack(81, 'small') },
      { row: other, blocks: gone },
    ];
    expect(attribution(stack(80, 'small'), changing, plan)('aws_ecs_service.service')).toEqual([other]);
  });

  it('is for a replacement that of the row which changes the attribute that forces it', () => {
    if (row === undefined || other === undefined) throw new Error('the table is empty');
    const made = (name: string, size: string): Blocks =>
      new Map([
        ['aws_ecs_service.service', { name, size }],
        ['aws_appautoscaling_target.target', { resource_id: '${aws_ecs_service.service.name}' }],
      ]);
    const replaced = (address: string, attribute: string) => ({
      address,
      mode: 'managed',
      type: 't',
      name: 'n',
      change: { actions: ['create', 'delete'], before: {}, after: {}, replace_paths: [[attribute]] },
    });
    const resource_changes = [
      replaced('aws_ecs_service.service', 'name'),
      replaced('aws_appautoscaling_target.target', 'resource_id'),
    ];
    const owners = attribution(
      made('a', 'small'),
      [
        { row, blocks: made('b', 'small') },
        { row: other, blocks: made('a', 'large') },
      ],
      PlanJson.parse({ format_version: '1.2', resource_changes }),
    );
    expect(owners('aws_ecs_service.service')).toEqual([row]);
    expect(owners('aws_appautoscaling_target.target')).toEqual([row]);
  });
});
