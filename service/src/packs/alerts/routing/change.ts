/** Setting the routing tree, as a change that a second person countersigns. */
import type { CallContext } from '../../../call.ts';
import { canonicalJson, digest } from '../../../canonical.ts';
import { CountersignError } from '../../../errors.ts';
import type { Change } from '../../../mcp/tool.ts';
import type { Impact } from '../../../measures/impact.ts';
import { plural } from '../../../measures/words.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import { cleanJson } from '../../../untrusted.ts';
import { applied, callerOf, changeOf, movedMeanwhile, outrun, planOf, storedSteps } from '../changes/stored-change.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import { labelsOf } from '../model/matchers.ts';
import { type RouteNode, RouteTree, receiversIn } from '../model/route.ts';
import { soon } from '../notices/soon.ts';
import type { AlertPack } from '../world.ts';
import type { Receivers } from './receivers.ts';
import { createRouter, treeWords } from './routing.ts';

const ROUTES = 'alert-routes';

/** For people a line a node; for the machine the tree. */
const routesState = ({ tree, version }: { readonly tree: RouteNode; readonly version: number }): State => ({
  version,
  ...(cleanJson(treeWords(tree)) as State),
  tree: JSON.parse(canonicalJson(tree)),
});

const refuseStrangers = (tree: RouteNode, { receiver, all }: Receivers): void => {
  const strange = [...receiversIn(tree)].filter((name) => receiver(name) === undefined);
  if (strange.length === 0) return;
  const there = all.map(({ name }) => name).join(', ');
  throw new CountersignError(
    'invalid_input',
    `tree: there is no receiver ${strange.join(', ')}. There are ${there}; operators write others into ALERT_RECEIVERS.`,
  );
};

const reachedBy = (tree: RouteNode, open: readonly Alert[]): ReadonlyMap<string, number> => {
  const router = createRouter(tree);
  const counts = new Map<string, number>();
  for (const alert of open)
    for (const name of new Set(router(labelsOf(alert)).map(({ receiver }) => receiver)))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/** How many of the alerts that are open now each receiver has, before and after. */
const impactOf = (before: RouteNode, after: RouteNode, open: readonly Alert[]): Impact[] => {
  const [now, then] = [reachedBy(before, open), reachedBy(after, open)];
  return [...new Set([...now.keys(), ...then.keys()])]
    .sort()
    .map((name) => ({
      ...{ label: `Open alerts that reach ${name}`, unit: 'count' as const },
      ...{ before: now.get(name) ?? 0, after: then.get(name) ?? 0 },
    }))
    .filter((line) => line.before !== line.after);
};

/** The lines that a change of the tree adds, changes and takes away. */
export const changedRoutes = ({ before, after }: Pick<ResourceChange, 'before' | 'after'>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => key.startsWith('{') && before[key] !== after[key])
    .map((key) => `${key}: ${before[key] ?? 'not there'} -> ${after[key] ?? 'not there'}`);

export const planRoutes = async (
  pack: AlertPack,
  tree: RouteNode,
  expected: number,
  context: CallContext,
): Promise<Plan> => {
  refuseStrangers(tree, pack.receivers);
  const now = await pack.routes.current();
  if (now.version !== expected)
    throw outrun(
      context,
      `expected_version: the routes are at version ${now.version}. Read them again with preview_routing.`,
      {
        version: now.version,
      },
    );
  if (canonicalJson(now.tree) === canonicalJson(tree))
    throw new CountersignError('invalid_input', 'tree: is what the routes are already.');
  const [before, after] = [routesState(now), routesState({ tree, version: expected + 1 })];
  // Both sides have all lines: a line that is only on one side is read back as null.
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const whole = (state: State): State => Object.fromEntries(keys.map((key) => [key, state[key] ?? null]));
  const states = { before: whole(before), after: whole(after) };
  const change = changeOf({
    resourceId: ROUTES,
    label: 'Routes of alerts',
    kind: 'alerts:routes',
    ...states,
    context: { asked_by: callerOf(context).email },
  });
  const open = (await pack.states.all()).filter(isUnresolved);
  const lines = changedRoutes(states).length;
  return planOf(`Set the routes of alerts: ${plural(lines, 'node')} added, changed or removed`, change, {
    impact: impactOf(now.tree, tree, open),
    warnings: ['Alerts whose group is another one afterwards are told again.'],
  });
};

const write = async (pack: AlertPack, change: ResourceChange): Promise<ChangeOutcome> => {
  const tree = RouteTree.parse(change.after.tree);
  const version = Number(change.after.version);
  const routes = {
    tree,
    version,
    updated_at: pack.now().toISOString(),
    updated_by: String(change.context?.asked_by ?? ''),
  };
  return (await pack.routes.put(routes, Number(change.before.version))) ? applied(change) : movedMeanwhile(change);
};

export const routeSteps = (pack: AlertPack) =>
  ({
    ...storedSteps({
      state: async () => routesState(await pack.routes.current()),
      write: (change) => write(pack, change),
      afterwards: () => soon(pack),
    }),
    // A receiver that the tree names may be gone when somebody agrees.
    policyVersion: async () => digest(['routes', pack.receivers.version]),
  }) satisfies Partial<Change>;
