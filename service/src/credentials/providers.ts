/** The providers of the enabled packs that act on their real upstream, as the configuration has them. */
import { z } from 'zod';
import { actsForReal } from '../../../contracts/environment-rules.ts';
import { enabled, providersOf } from '../../../contracts/packs/index.ts';
import type { NamedProvider, ProviderPart } from '../../../contracts/provider.ts';
import type { Config } from '../config.ts';

export interface Provider {
  readonly name: string;
  readonly pack: string;
  /** Its name for people. */
  readonly title: string;
  readonly way: 'header' | 'connected';
  readonly header: string;
  readonly issuer: string;
  readonly authorization: string;
  readonly token: string;
  readonly revocation?: string;
  /** Of each connection. */
  readonly scopes: readonly string[];
  /** What people choose from besides, by name. Empty: there is nothing to choose. */
  readonly parts: ReadonlyMap<string, ProviderPart>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Tools that act with its credentials, and the scope that each needs. */
  readonly tools: ReadonlyMap<string, string>;
}

const Values = z.record(z.string(), z.unknown());

/** The address at another origin, which stands in for the provider's own. */
const at = (base: unknown, url: string): string => {
  if (typeof base !== 'string') return url;
  const { pathname, search } = new URL(url);
  return new URL(pathname + search, base).href;
};

/** An issuer is compared as text, so it keeps its spelling: no slash at the end that was not there. */
const issuerAt = (base: unknown, issuer: string): string =>
  typeof base === 'string' && new URL(issuer).pathname === '/' && !issuer.endsWith('/')
    ? new URL(base).origin
    : at(base, issuer);

const providerOf = (
  { name, pack, title, way, header, connected }: NamedProvider,
  values: Readonly<Record<string, unknown>>,
  packs: readonly string[],
): Provider => {
  const base = values[connected.base];
  const tools = enabled(packs).flatMap(([owner, contract]) => (owner === pack ? Object.entries(contract.tools) : []));
  return {
    ...{ name, pack, title, header },
    way: z.enum(['header', 'connected']).parse(values[way]),
    issuer: issuerAt(base, connected.issuer),
    authorization: at(base, connected.authorization),
    token: at(base, connected.token),
    ...(connected.revocation !== undefined && { revocation: at(base, connected.revocation) }),
    scopes: connected.scopes,
    parts: new Map(Object.entries(connected.parts ?? {})),
    parameters: connected.parameters ?? {},
    clientId: String(values[connected.clientId] ?? ''),
    clientSecret: String(values[connected.clientSecret] ?? ''),
    tools: new Map(tools.flatMap(([tool, { provider, scope }]) => (provider === name ? [[tool, scope]] : []))),
  };
};

/** By name. Of a pack that acts on its sandbox there is none: nobody needs a credential there. */
export const openProviders = (config: Config): ReadonlyMap<string, Provider> => {
  const values = Values.parse({ ...config });
  return new Map(
    providersOf(config.TOOL_PACKS)
      .filter(({ pack }) => actsForReal(pack, values))
      .map((provider) => [provider.name, providerOf(provider, values, config.TOOL_PACKS)]),
  );
};
