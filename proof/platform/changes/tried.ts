/** What the changes of one environment come to, each by itself although several are planned together. */
import { rollActive } from '../../../scripts/plan-review/checks/roll-active.ts';
import { statefulTypes } from '../../../scripts/plan-review/kinds.ts';
import type { PlanJson, ResourceChange } from '../../../scripts/plan-review/plan-json.ts';
import { findingsOf } from '../../../scripts/plan-review/policy.ts';
import type { Owners } from './attribution.ts';
import type { Order } from './graph.ts';
import { type Outcome, titleOf } from './outcomes.ts';
import { destroyedFirst } from './reasons.ts';
import type { ChangeRow } from './row.ts';
import { brokenOrders, clashes } from './walk.ts';

const isDone = ({ mode, change }: ResourceChange): boolean =>
  mode === 'managed' && !['no-op', 'read'].includes(change.actions.join());

const kindOf = ({ change: { actions } }: ResourceChange): 'replaced' | 'removed' | 'made' | 'updated' => {
  if (actions.includes('delete')) return actions.includes('create') ? 'replaced' : 'removed';
  return actions.includes('create') ? 'made' : 'updated';
};

/** Every apply makes revisions of it, and none is taken away. */
const isRevision = ({ type }: ResourceChange): boolean => type === 'aws_ecs_task_definition';

const typesOf = (changes: readonly ResourceChange[]): readonly string[] =>
  [...new Set(changes.map(({ type }) => type))].sort();

interface Planned {
  readonly plan: PlanJson;
  readonly order: Order;
}

/** @param owners whose doing a change is, see `attribution` */
export const outcomesOf = ({ plan }: Planned, rows: readonly ChangeRow[], owners: Owners): readonly Outcome[] => {
  const done = plan.resource_changes.filter(isDone);
  // What is missing of tags and such is the environment's, whatever changes. Any change of the tasks rolls the colour in
  // service of an environment that has just been applied, so that this would be told of half of the rows.
  const refusing = findingsOf(plan).filter(
    ({ address, check }) => check !== rollActive.name && done.some((change) => change.address === address),
  );
  return rows.map((row) => {
    const own = done.filter((change) => owners(change.address).includes(row) && !isRevision(change));
    const of = (kind: ReturnType<typeof kindOf>) => own.filter((change) => kindOf(change) === kind);
    const gone = [...of('replaced'), ...of('removed')];
    return {
      change: titleOf(row),
      environment: row.environment,
      replaced: typesOf(of('replaced')),
      removed: typesOf(of('removed')),
      made: typesOf(of('made')),
      lost: typesOf(gone.filter(({ type }) => statefulTypes.has(type))),
      refused: [
        ...new Set(refusing.filter(({ address }) => owners(address).includes(row)).map(({ check }) => check)),
      ].sort(),
    };
  });
};

/** Rows that change a colour which has traffic, as a pull request is told. */
export const rollingOf = ({ plan }: Planned, rows: readonly ChangeRow[], owners: Owners): readonly string[] => {
  const told = rollActive.breaches(plan).map(({ address }) => address);
  return rows.filter((row) => told.some((address) => owners(address).includes(row))).map(titleOf);
};

/** What is wrong with a plan and nobody says so, one line each. */
export const problemsOf = ({ plan, order }: Planned, rows: readonly ChangeRow[], owners: Owners): readonly string[] => {
  const told = new Set(findingsOf(plan).map(({ check, address }) => `${check} ${address}`));
  const unordered = new Set(rows.flatMap((row) => Object.keys(row.unordered ?? {})));
  const done = plan.resource_changes.filter(isDone);
  const gone = done.filter((change) => change.change.actions.includes('delete') && !isRevision(change));
  return [
    ...brokenOrders(plan, order)
      .filter(({ destroyed, how }) => how === 'early' || !told.has(`still-used ${destroyed}`))
      .map(({ destroyed, user, how }) => `${destroyed} goes before ${user} has let go of it (${how})`),
    ...clashes(plan, order)
      .filter(({ created }) => !told.has(`taken-name ${created}`) && !unordered.has(created.split('.')[0] ?? ''))
      .map(({ created, standing }) => `${created} is made while ${standing} stands, which has the same name`),
    ...done
      .filter(({ type, change }) => change.actions.join() === 'delete,create' && !destroyedFirst.has(type))
      .map(({ address }) => `${address} is destroyed before its replacement is there`),
    ...gone
      .filter(({ address }) => owners(address).length !== 1)
      .map(({ address }) => {
        const whose = owners(address).map(titleOf);
        return `${address} goes, and it cannot be said why: ${whose.join('; ') || 'no row'}`;
      }),
  ];
};
