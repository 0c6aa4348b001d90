/** Opens clients for whoever owns them, on hosts that they may call. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Metrics } from '../ports/metrics.ts';
import type { Upstream, UpstreamEngine, UpstreamOptions, UpstreamOwner } from '../ports/upstream.ts';
import type { ClientParts } from './parts.ts';
import type { AddressGuard } from './public-lookup.ts';
import { isThisMachine } from './this-machine.ts';
import type { Transport } from './transport.ts';

export interface UpstreamEngineParts {
  /** Variables by name, for bases. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** For tests. */
  readonly guard?: AddressGuard;
  readonly sleep?: ClientParts['clock']['sleep'];
}

const FIVE_MIB = 5 * 1024 * 1024;

/** @throws Error that names where the URL comes from, and quotes nothing of it: it may hold a key */
const baseFrom = (text: string, from: string): URL => {
  const url = URL.parse(text);
  const plain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (plain && (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname)))) return url;
  throw new Error(`${from} must be a URL of https, or of http on this machine, without user, query and fragment`);
};

const baseOf = (
  { variable, otherwise }: UpstreamOptions['base'],
  { name, egress, variables }: UpstreamOwner,
  config: UpstreamEngineParts['config'],
): URL => {
  const base = baseFrom(otherwise, `The base of an upstream of ${name}`);
  if (!isThisMachine(base.hostname) && !egress.includes(base.host))
    throw new Error(`${base.host} is not in egress of contracts/packs/${name}.ts`);
  if (variable === undefined) return base;
  if (!variables.includes(variable)) throw new Error(`${variable} is not a variable of contracts/packs/${name}.ts`);
  const given = config[variable];
  return typeof given === 'string' ? baseFrom(given, variable) : base;
};

export const openUpstreams = (parts: UpstreamEngineParts): UpstreamEngine => {
  const { config, metrics, log, now, guard, sleep: wait = defaultSleep } = parts;
  const names = new Set<string>();
  const transports: Transport[] = [];
  /** Both libraries are loaded by the first call: most services that tests start call nobody. */
  const clientOf = async (service: string, base: URL, options: UpstreamOptions, { egress }: UpstreamOwner) => {
    const { timeouts, mostBytes = FIVE_MIB, atOnce = 10 } = options;
    const [{ createClient }, { openTransport }] = await Promise.all([import('./client.ts'), import('./transport.ts')]);
    const transport = openTransport({
      ...{ mostBytes, atOnce, connectMs: timeouts?.connect ?? 3_000 },
      trusts: (hostname) => hostname === base.hostname,
      ...(guard && { guard }),
    });
    transports.push(transport);
    const reachable = new Set([base.host, ...egress]);
    return createClient({
      ...{ service, base, options, metrics, log, transport },
      mayReach: (url) => url.origin === base.origin || (url.protocol === 'https:' && reachable.has(url.host)),
      clock: { now: () => performance.now(), sleep: wait, date: now },
    });
  };
  return {
    of: (owner) => ({
      open: (options) => {
        const service = options.name === undefined ? owner.name : `${owner.name}-${options.name}`;
        if (names.has(service)) throw new Error(`${service} is opened twice: give each upstream of a pack a name`);
        const base = baseOf(options.base, owner, config);
        names.add(service);
        let client: Promise<Upstream> | undefined;
        return {
          call: async (call) => {
            client ??= clientOf(service, base, options, owner);
            return (await client).call(call);
          },
        };
      },
    }),
    close: async () => {
      for (const transport of transports) await transport.close();
    },
  };
};

const defaultSleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal });
