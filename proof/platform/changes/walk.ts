/** What goes wrong in the order of a plan, as AWS would refuse it or an outage would show it. */
import type { PlanJson } from '../../../scripts/plan-review/plan-json.ts';
import { isDestroyed, type Reference, referencesIn } from '../../../scripts/plan-review/references.ts';
import { uniqueKey } from '../../../scripts/plan-review/unique.ts';
import type { Order } from './graph.ts';

export interface Broken {
  readonly destroyed: string;
  /** What refers to it when it is destroyed. */
  readonly user: string;
  /** still: it goes on referring to it. early: it lets go only afterwards, or nobody knows when. */
  readonly how: 'still' | 'early';
}

/** Nodes of the graph after which a user refers to it no more. */
const lettingGo = ({ user, change }: Reference, order: Order): readonly string[] =>
  isDestroyed(change) ? order.destroying(user.address) : [user.address];

/** References to what is destroyed, by something that has not let go of it by then. */
export const brokenOrders = (plan: PlanJson, order: Order): readonly Broken[] =>
  referencesIn(plan).flatMap((reference): Broken[] => {
    const found = { destroyed: reference.destroyed.address, user: reference.user.address };
    if (reference.stays) return [{ ...found, how: 'still' }];
    const isLate = order
      .destroying(found.destroyed)
      .every((gone) => lettingGo(reference, order).every((first) => order.waitsFor(gone, first)));
    return isLate ? [] : [{ ...found, how: 'early' }];
  });

export interface Clash {
  readonly created: string;
  /** What has the same name, range or place, and is not surely gone by then. */
  readonly standing: string;
}

/** What AWS refuses to make because something like it still stands. */
export const clashes = (plan: PlanJson, order: Order): readonly Clash[] => {
  const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed');
  const going = managed.filter(isDestroyed);
  return managed
    .filter(({ change }) => change.actions.includes('create'))
    .flatMap(({ address: created, type, change }) => {
      const key = uniqueKey(type, change.after);
      return going
        .filter((old) => key !== undefined && uniqueKey(old.type, old.change.before) === key)
        .filter((old) => !order.destroying(old.address).every((gone) => order.waitsFor(created, gone)))
        .map(({ address: standing }) => ({ created, standing }));
    });
};
