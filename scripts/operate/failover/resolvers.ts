/** Which region a name leads to, as resolvers around the world answer. */
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of several operators. https://one.one.one.one, https://dns.google, https://quad9.net */
export const publicResolvers = ['1.1.1.1', '8.8.8.8', '9.9.9.9'] as const;

const LIMIT_MS = 3_000;

const ask = async (server: string, name: string): Promise<readonly string[]> => {
  const resolver = new Resolver({ timeout: LIMIT_MS, tries: 1 });
  resolver.setServers([server]);
  return (await resolver.resolve4(name).catch(() => [])).toSorted();
};

export interface Watching {
  readonly name: string;
  /** Host name of what the name should lead to. */
  readonly to: string;
  readonly resolvers: readonly string[];
  readonly everyMs: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** Whether every resolver answers with the addresses of `to`; false when the patience ends first. */
export const untilResolved = async (watching: Watching): Promise<boolean> => {
  const { name, to, resolvers, everyMs, patienceMs, signal, tell } = watching;
  for (const end = performance.now() + patienceMs; ; ) {
    signal.throwIfAborted();
    const found = await Promise.all(
      resolvers.map(async (server) => {
        // Both from one resolver, because a load balancer's addresses change.
        const [own, wanted] = await Promise.all([ask(server, name), ask(server, to.replace(/\.$/, ''))]);
        return own.length > 0 && own.every((address) => wanted.includes(address));
      }),
    );
    const there = found.filter(Boolean).length;
    tell(`${there} of ${resolvers.length} resolvers lead to the other region`);
    if (there === resolvers.length) return true;
    if (performance.now() > end) return false;
    await sleep(everyMs, undefined, { signal });
  }
};
