/** /health says how the service is and always answers; /ready says whether to send it requests. */
import type { FastifyInstance } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import type { HealthFacts, HealthProbe } from '../packs/pack.ts';
import type { Metrics } from '../ports/metrics.ts';

export type StoreHealth = 'ok' | 'degraded' | 'down';

export interface HealthParts {
  readonly version: string;
  /** Which of two colours this task is of; a smoke test tells by it who answered. */
  readonly colour?: string | undefined;
  /** Tools in the catalogue. */
  readonly tools: number;
  /** What the packs say of themselves. */
  readonly facts: () => HealthFacts;
  /** One probe a store or upstream, by the name operators know it by. */
  readonly stores: Readonly<Record<string, HealthProbe>>;
  /** Stores that may be down while the service stays ready: it is slower without them, not wrong. */
  readonly optional?: readonly string[];
  /** True once the process was told to stop. */
  readonly draining: () => boolean;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Where this service is one of several regions': which of them is the home, as last read. */
  readonly home?: (() => { readonly region: string; readonly epoch: number; readonly writes: boolean }) | undefined;
}

const probeMilliseconds = 2000;
// Anybody may ask, so the stores are asked at most once a second.
const freshMilliseconds = 1000;

/** The answer of a probe; `down` when it rejects or does not answer in time. Resolves always. */
const probe = (ask: HealthProbe): Promise<StoreHealth> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, probeMilliseconds, 'down');
    ask()
      .catch(() => 'down' as const)
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });

const probeAll = async ({ stores, metrics }: HealthParts): Promise<Record<string, StoreHealth>> => {
  const entries = Object.entries(stores).map(async ([name, ask]) => {
    const health = await probe(ask);
    metrics.set('StoreHealthy', { Store: name }, health === 'down' ? 0 : 1);
    return [name, health] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

export const addHealth = (scope: FastifyInstance, parts: HealthParts): void => {
  const { version, colour, tools, facts, optional = [], draining, now } = parts;
  let last: { readonly at: number; readonly stores: Promise<Record<string, StoreHealth>> } | undefined;
  const probed = (): Promise<Record<string, StoreHealth>> => {
    const at = now().getTime();
    if (last === undefined || at - last.at >= freshMilliseconds) last = { at, stores: probeAll(parts) };
    return last.stores;
  };
  const worst = (stores: Readonly<Record<string, StoreHealth>>): 'healthy' | 'degraded' | 'unhealthy' => {
    const entries = Object.entries(stores);
    if (entries.some(([name, health]) => health === 'down' && !optional.includes(name))) return 'unhealthy';
    return entries.every(([, health]) => health === 'ok') ? 'healthy' : 'degraded';
  };
  // 200 even when unhealthy: replacing the container would not bring a store back.
  const health = async () => {
    const stores = await probed();
    const home = parts.home?.();
    return {
      ...facts(),
      status: worst(stores),
      version,
      ...(colour === undefined ? {} : { colour }),
      tools,
      stores,
      ...(home && { home }),
    };
  };
  for (const { path } of [routes.health, routes.facadeHealth]) scope.get(path, health);

  scope.get(routes.ready.path, async (_request, reply) => {
    const down = Object.entries(await probed()).filter(([name, state]) => state === 'down' && !optional.includes(name));
    const reasons = [...(draining() ? ['draining'] : []), ...down.map(([name]) => `store ${name} is down`)];
    reply.header('cache-control', 'no-store');
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
};
