import { PlanJson } from '../../../scripts/plan-review/plan-json.ts';
import { readGraph } from './graph.ts';
import { brokenOrders, clashes } from './walk.ts';

interface Row {
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly actions: readonly string[];
  readonly dependsOn?: readonly string[];
}

const planOf = (rows: Readonly<Record<string, Row>>): PlanJson => {
  const parts = (address: string) => ({ address, type: address.split('.')[0] ?? '', name: address });
  return PlanJson.parse({
    format_version: '1.2',
    resource_changes: Object.entries(rows).map(([address, { before = null, after = null, actions }]) => ({
      ...parts(address),
      mode: 'managed',
      change: { before, after, actions },
    })),
    prior_state: {
      values: {
        root_module: {
          resources: Object.entries(rows)
            .filter(([, { before }]) => before !== undefined)
            .map(([address, { before, dependsOn = [] }]) => ({
              ...parts(address),
              values: before,
              depends_on: dependsOn,
            })),
        },
      },
    },
  });
};

const graphOf = (...edges: readonly (readonly [later: string, earlier: string])[]) =>
  readGraph(
    [...new Set(edges.flat())]
      .map((node) => `"[root] ${node}" [label = "${node}"]`)
      .concat(edges.map(([later, earlier]) => `"[root] ${later}" -> "[root] ${earlier}"`))
      .join('\n'),
  );

const [zone, balancer] = ['aws_subnet.zone_b', 'aws_lb.main'];
const gone = `${zone} (destroy)`;
/** A zone is taken away from a load balancer. */
const dropped = planOf({
  [zone]: { before: { id: 'subnet-0b0b0b0b' }, actions: ['delete'] },
  [balancer]: {
    before: { id: 'arn:aws:elb:::main', subnets: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b'] },
    after: { id: 'arn:aws:elb:::main', subnets: ['subnet-0a0a0a0a'] },
    actions: ['update'],
    dependsOn: [zone],
  },
});

describe('the order of a plan', () => {
  it('is broken where a load balancer waits for the subnet that it stands in to go: AWS refuses to delete it', () => {
    const early = { destroyed: zone, user: balancer, how: 'early' };
    expect(brokenOrders(dropped, graphOf([balancer, 'close'], ['close', gone]))).toEqual([early]);
    // Nor is it right where nobody says which is first.
    expect(brokenOrders(dropped, graphOf([gone, 'root'], [balancer, 'root']))).toEqual([early]);
  });

  it('is right where the subnet goes last', () => {
    expect(brokenOrders(dropped, graphOf([gone, 'expand'], ['expand', balancer]))).toEqual([]);
  });

  it('is right for what a replacement leaves behind', () => {
    const left = 'aws_subnet.zone_b (destroy deposed 0f0f0f0f)';
    const after = { id: 'subnet-0a0a0a0a', subnets: [] };
    const plan = planOf({
      [zone]: { before: { id: 'subnet-0b0b0b0b' }, after: {}, actions: ['create', 'delete'] },
      [balancer]: { before: { subnets: ['subnet-0b0b0b0b'] }, after, actions: ['update'], dependsOn: [zone] },
    });
    expect(brokenOrders(plan, graphOf([left, balancer], [balancer, zone]))).toEqual([]);
    expect(brokenOrders(plan, graphOf([balancer, left]))).toHaveLength(1);
  });

  it('is broken where something goes on using what is destroyed, whether the plan knows of the dependency or not', () => {
    const [key, database] = ['aws_kms_key.data', 'aws_db_instance.database'];
    const values = { id: 'db', kms_key_id: 'arn:aws:kms:::key/1' };
    const plan = planOf({
      [key]: { before: { id: '1', arn: 'arn:aws:kms:::key/1' }, actions: ['delete'] },
      [database]: { before: values, after: values, actions: ['no-op'] },
    });
    expect(brokenOrders(plan, graphOf([`${key} (destroy)`, database]))).toEqual([
      { destroyed: key, user: database, how: 'still' },
    ]);
  });

  it('takes the name of a target for no reference to the rule that points at it', () => {
    const [target, topic] = ['aws_cloudwatch_event_target.findings', 'aws_sns_topic.security'];
    const values = { id: 'arn:aws:sns:::security', arn: 'arn:aws:sns:::security' };
    const plan = planOf({
      [target]: { before: { id: 'findings', arn: values.arn }, actions: ['delete'], dependsOn: [topic] },
      [topic]: { before: values, after: values, actions: ['no-op'] },
    });
    expect(brokenOrders(plan, graphOf([`${target} (destroy)`, 'root']))).toEqual([]);
  });
});

describe('a name that is taken', () => {
  const [old, fresh] = ['aws_route53_record.api', 'aws_route53_record.balancer'];
  const record = { zone_id: 'Z1', name: 'mcp.example.com', type: 'A' };
  const plan = planOf({
    [old]: { before: record, actions: ['delete'] },
    [fresh]: { after: record, actions: ['create'] },
  });

  it('is a clash unless the old owner is surely gone', () => {
    expect(clashes(plan, graphOf([`${old} (destroy)`, 'root'], [fresh, 'root']))).toEqual([
      { created: fresh, standing: old },
    ]);
    expect(clashes(plan, graphOf([fresh, `${old} (destroy)`]))).toEqual([]);
  });

  it('is one for a replacement that is made first under the same name', () => {
    const [name, lb] = [{ name: 'main' }, 'aws_lb.main'];
    const replaced = planOf({ [lb]: { before: name, after: name, actions: ['create', 'delete'] } });
    expect(clashes(replaced, graphOf([`${lb} (destroy deposed 01)`, lb]))).toHaveLength(1);
    const renamed = planOf({ [lb]: { before: name, after: { name: 'other' }, actions: ['create', 'delete'] } });
    expect(clashes(renamed, graphOf([`${lb} (destroy deposed 01)`, lb]))).toEqual([]);
  });
});
