/** A real Alertmanager as its clients see it, and its configuration from a tree of ours. */
import { z } from 'zod';
import { type Matcher, matchersWords } from '../../src/packs/alerts/model/matchers.ts';
import type { RouteNode } from '../../src/packs/alerts/model/route.ts';

const Pairs = z.record(z.string(), z.string());
const ListedAlert = z.object({
  labels: Pairs,
  annotations: Pairs,
  startsAt: z.string(),
  status: z.object({ silencedBy: z.array(z.string()) }),
});
const Group = z.object({
  labels: Pairs,
  receiver: z.object({ name: z.string() }),
  alerts: z.array(z.object({ labels: Pairs })),
});
const Made = z.object({ silenceID: z.string() });

export interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export interface AskedSilence {
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly comment: string;
}

/** https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml */
export const alertmanagerApi = (url: string) => {
  const ask = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${url}/api/v2/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const well = async (asked: Promise<Response>): Promise<string> => {
    const answer = await asked;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${text}`);
    return text;
  };
  return {
    send: (...alerts: SentAlert[]) => well(ask('POST', 'alerts', alerts)),
    /** Those that are not over. */
    alerts: async () => z.array(ListedAlert).parse(JSON.parse(await well(ask('GET', 'alerts')))),
    groups: async () => z.array(Group).parse(JSON.parse(await well(ask('GET', 'alerts/groups')))),
    /** The id of the silence. @throws Error where it is refused */
    silence: async (silence: AskedSilence): Promise<string> =>
      Made.parse(JSON.parse(await well(ask('POST', 'silences', { ...silence, createdBy: 'ana' })))).silenceID,
    unsilence: (id: string) => well(ask('DELETE', `silence/${id}`)),
  };
};

const routeOf = ({ matchers, routes = [], ...node }: RouteNode): object => ({
  ...node,
  ...(matchers !== undefined && { matchers: [matchersWords(matchers)] }),
  routes: routes.map(routeOf),
});

/**
 * The same tree for Alertmanager, which posts whatever it tells to a webhook.
 * @param receivers names of all that the tree has
 */
export const alertmanagerConfig = (
  tree: RouteNode,
  receivers: readonly string[],
  webhook: { readonly url: string; readonly token: string },
): object => ({
  route: routeOf(tree),
  receivers: receivers.map((name) => ({
    name,
    webhook_configs: [{ url: webhook.url, http_config: { authorization: { credentials: webhook.token } } }],
  })),
});
