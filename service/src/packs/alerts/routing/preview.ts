/** Where an alert goes now: the tool and the page say the same. */
import { CountersignError } from '../../../errors.ts';
import { parseElementType } from '../model/element.ts';
import { type Labelled, labelsOf } from '../model/matchers.ts';
import type { RouteNode } from '../model/route.ts';
import { parseSeverity } from '../model/severity.ts';
import type { Silence } from '../model/silence.ts';
import type { AlertPack } from '../world.ts';
import { groupOf, type Route } from './routing.ts';

/** An alert that nobody sent, by what its labels say. */
const made = (labels: Readonly<Record<string, string>>): Labelled => ({
  labels,
  severity: parseSeverity(labels.severity).severity,
  site_code: labels.site_code ?? '',
  element_type: parseElementType(labels.element_type),
  name: labels.name ?? labels.alertname ?? '',
  source: labels.source ?? '',
});

/** An alert, or what labels of one would say. */
export interface RoutedBy {
  readonly alert_id?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

const labelledBy = async ({ states }: Pick<AlertPack, 'states'>, { alert_id, labels }: RoutedBy): Promise<Labelled> => {
  if ((alert_id === undefined) === (labels === undefined))
    throw new CountersignError('invalid_input', 'alert_id: give either alert_id or labels.');
  if (labels !== undefined) return made(labels);
  const found = await states.get(alert_id ?? '');
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'alert_id: there is no such alert. See list_alerts.');
};

export interface RoutingPreview {
  readonly routes: readonly (Route & { readonly groupKey: string })[];
  /** Those that are active and match. */
  readonly silences: readonly Silence[];
  /** The tree that says so. */
  readonly tree: RouteNode;
  readonly version: number;
}

/** @throws invalid_input unless one of the two is given; not_found */
export const routingOf = async (
  pack: Pick<AlertPack, 'states' | 'routes' | 'silences'>,
  which: RoutedBy,
): Promise<RoutingPreview> => {
  const alert = await labelledBy(pack, which);
  const labels = labelsOf(alert);
  const [{ tree, version }, router, silencing] = await Promise.all([
    pack.routes.current(),
    pack.routes.router(),
    pack.silences.now(),
  ]);
  const routes = router(labels).map((route) => ({ ...route, groupKey: groupOf(route, labels).key }));
  return { routes, silences: silencing.of(alert), tree, version };
};
