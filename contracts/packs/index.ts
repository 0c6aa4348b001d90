import { alerts } from './alerts.ts';
import { marketing } from './marketing.ts';
/** The registry of pack contracts, one line per pack. `merged` and `enabled` derive everything else. */

import type { NamedProvider } from '../provider.ts';
import { ownTools } from './core.ts';
import type { AccountsContract, ObjectsRule, PackContract, PackGrant, UpstreamContract, WebhookRoute } from './pack.ts';
import { tagging } from './tagging.ts';

export const packs = {
  tagging,
  marketing,
  alerts,
} as const satisfies Record<string, PackContract>;

export type PackName = keyof typeof packs;
export const packNames = Object.keys(packs) as [PackName, ...PackName[]];

type Packs = typeof packs;
/** Members whose names are one namespace over all packs. */
type Part = 'scopes' | 'tools' | 'tables' | 'variables' | 'settings' | 'providers' | 'routes' | 'metrics' | 'alarms';
type Intersect<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;
type OfAll<K extends Part> = Intersect<
  { [P in PackName]: Packs[P] extends Readonly<Record<K, infer V>> ? V : Readonly<Record<never, never>> }[PackName]
>;

/**
 * One member of all packs, enabled or not. By it, stored data is recognised when its pack is off.
 * @param core the service's own of that kind, whose names are no pack's
 * @throws when a pack uses a name of the service's own, or two packs use one
 */
export const merged = <K extends Part>(part: K, core: object = {}): OfAll<K> => {
  const all: Record<string, unknown> = {};
  for (const [pack, contract] of Object.entries<PackContract>(packs))
    for (const [name, value] of Object.entries(contract[part] ?? {})) {
      if (Object.hasOwn(core, name))
        throw new Error(`contracts/packs/${pack}.ts: ${part} ${name} is the service’s own: choose another name`);
      if (Object.hasOwn(all, name))
        throw new Error(`contracts/packs/${pack}.ts: ${part} ${name} is another pack's too`);
      all[name] = value;
    }
  return all as OfAll<K>;
};

/** The contracts of the packs that an environment enables, in the order of the registry. */
export const enabled = (names: readonly string[]): readonly (readonly [PackName, PackContract])[] =>
  packNames.filter((name) => names.includes(name)).map((name) => [name, packs[name]] as const);

/** The webhooks of these packs. */
export const webhooksOf = (names: readonly string[]): readonly WebhookRoute[] =>
  enabled(names).flatMap(([, { routes = {} }]) => Object.values(routes).filter((route) => route.auth === 'webhook'));

/** The secrets by which senders of webhooks prove who they are, by their variable. */
export const webhookSecrets = (names: readonly string[]): ReadonlyMap<string, 'standard-webhooks' | 'bearer'> =>
  new Map(
    webhooksOf(names).flatMap((route) =>
      route.scheme === 'sns' ? [] : [[route.secret, route.scheme ?? 'standard-webhooks'] as const],
    ),
  );

/** Whether one of these packs takes webhooks. */
export const takesWebhooks = (names: readonly string[]): boolean => webhooksOf(names).length > 0;

/** The providers of credentials on which tools of these packs act, by names that are one namespace over all packs. */
export const providersOf = (names: readonly string[]): readonly NamedProvider[] =>
  enabled(names).flatMap(([pack, { providers = {} }]) =>
    Object.entries(providers).map(([name, provider]) => ({ ...provider, name, pack })),
  );

/** What a variable of a pack is with these settings of an environment. */
const valueIn = (
  { environment = {}, variables = {} }: PackContract,
  variable: string,
  settings: Readonly<Record<string, unknown>>,
): unknown => {
  const given = Object(settings.container_env)[variable];
  if (given !== undefined) return given;
  const source = environment[variable];
  const said = source === undefined ? undefined : 'value' in source ? source.value : settings[source.setting];
  return said ?? variables[variable]?.schema.safeParse(undefined).data;
};

/** A topic of SNS whose messages a pack takes. Their certificates come from SNS in its region. */
export interface TakenTopic {
  readonly pack: PackName;
  readonly region: string;
}

/** The topics of SNS whose messages these packs take in an environment with these settings. */
export const takenTopics = (
  names: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): readonly TakenTopic[] =>
  enabled(names).flatMap(([pack, contract]) =>
    webhooksOf([pack]).flatMap((route) => {
      const arns = route.scheme === 'sns' ? valueIn(contract, route.topics, settings) : [];
      // container_env is text.
      const each = typeof arns === 'string' ? arns.split(',') : Array.isArray(arns) ? arns.map(String) : [];
      return each.flatMap((arn) => {
        const region = arn.trim().split(':')[3];
        return region === undefined ? [] : [{ pack, region }];
      });
    }),
  );

/** Those of the providers of which people connect accounts in an environment with these settings. */
export const connectedProviders = (
  names: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): readonly NamedProvider[] =>
  enabled(names).flatMap(([pack, contract]) =>
    providersOf([pack]).filter(({ way }) => valueIn(contract, way, settings) === 'connected'),
  );

/** The headers that carry people's access tokens to these packs, each once, in lower case. */
export const tokenHeaders = (names: readonly string[]): readonly string[] => [
  ...new Set(providersOf(names).map(({ header }) => header)),
];

/** The names of one member over the enabled packs. */
export const enabledNames = (names: readonly string[], part: Part): ReadonlySet<string> =>
  new Set(enabled(names).flatMap(([, contract]) => Object.keys(contract[part] ?? {})));

/** The enabled packs that may use a part of the platform besides their own. */
export const packsGranted = (names: readonly string[], grant: PackGrant): readonly PackName[] =>
  enabled(names).flatMap(([name, { grants = [] }]) => (grants.includes(grant) ? [name] : []));

/** The folder of a pack's objects, in the bucket and on disk. */
export const objectsFolder = (pack: string): string => `packs/${pack}/`;

/** What becomes of objects of the enabled packs by themselves, by their whole folder. */
export const objectsRules = (names: readonly string[]): readonly (readonly [string, ObjectsRule])[] =>
  enabled(names).flatMap(([pack, { objects = {} }]) =>
    Object.entries(objects).map(([folder, rule]) => [`${objectsFolder(pack)}${folder}`, rule] as const),
  );

/** Roles of other accounts that the enabled packs assume. */
export interface Assumed {
  readonly pack: PackName;
  readonly accounts: readonly string[];
  readonly role: string;
  readonly externalId?: string | undefined;
}

/** The roles that the enabled packs assume, as an environment's settings name them. */
export const assumedBy = (names: readonly string[], settings: Readonly<Record<string, unknown>>): readonly Assumed[] =>
  enabled(names).flatMap(([pack, { assumes }]) => {
    if (assumes === undefined) return [];
    const accounts = settings[assumes.accounts];
    const role = settings[assumes.role];
    // Of a pack that is told of no role, none is assumed.
    if (role === undefined) return [];
    const externalId = settings[assumes.externalId];
    return [
      {
        pack,
        accounts: Array.isArray(accounts) ? accounts.map(String) : [],
        role: String(role),
        ...(externalId !== undefined && { externalId: String(externalId) }),
      },
    ];
  });

/** The regions in which a pack may write: those that its setting names, else the environment's own. */
export const writtenRegions = (
  { writesIn }: PackContract,
  settings: Readonly<Record<string, unknown>>,
  region: string,
): readonly string[] => {
  const named = writesIn === undefined ? [] : settings[writesIn];
  return Array.isArray(named) && named.length > 0 ? named.map(String) : [region];
};

/** What an environment chose of a pack's upstream. Undefined: everything. */
export const chosenIn = (
  { chooses }: PackContract,
  settings: Readonly<Record<string, unknown>>,
): readonly string[] | undefined => {
  if (chooses === undefined) return undefined;
  const given = settings[chooses.setting];
  const named = Array.isArray(given) && given.length > 0 ? given.map(String) : chooses.otherwise;
  return named.includes(chooses.every) ? undefined : named;
};

/** An upstream with accounts, and its pack's scopes for them. */
export interface PackUpstream extends UpstreamContract, Pick<AccountsContract, 'read' | 'decide'> {
  readonly pack: PackName;
}

/** The upstreams with accounts of the enabled packs, by name. @throws when two packs use one name */
export const upstreamsOf = (names: readonly string[]): ReadonlyMap<string, PackUpstream> => {
  const found = new Map<string, PackUpstream>();
  for (const [pack, { accounts }] of enabled(names)) {
    if ('none' in accounts) continue;
    const { read, decide, upstreams } = accounts;
    for (const [name, upstream] of Object.entries(upstreams)) {
      if (found.has(name)) throw new Error(`contracts/packs/${pack}.ts: the upstream ${name} is another pack's too`);
      found.set(name, { ...upstream, pack, read, decide });
    }
  }
  return found;
};

/** The pack whose member has the name; undefined for one of the core or of none. */
export const packOf = (part: Part, name: string): PackName | undefined =>
  packNames.find((pack) => Object.hasOwn((packs[pack] as PackContract)[part] ?? {}, name));

/** Every tool that this version knows: a tool that is not declared here does not compile. */
export const tools = { ...ownTools, ...merged('tools', ownTools) };
export type ToolName = keyof typeof tools;
