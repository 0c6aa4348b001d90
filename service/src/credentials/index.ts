/** People's own credentials at upstreams: what packs are lent, what the pipeline asks, and what the page of apps shows. */
import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Audit } from '../audit/port.ts';
import type { Person } from '../auth/caller.ts';
import type { People } from '../auth/people.ts';
import { createKeyRing } from '../auth/sealed.ts';
import type { Config } from '../config.ts';
import type { InPerson } from '../operations/in-person.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Tables } from '../ports/tables.ts';
import { createAccessTokens } from './access-tokens.ts';
import { type Connect, createConnect } from './connect.ts';
import { type Connections, createConnections } from './connections.ts';
import { tokenFrom } from './header-tokens.ts';
import { lendTo } from './lending.ts';
import { createOauthClient, type OauthClient } from './oauth-client.ts';
import { openProviders, type Provider } from './providers.ts';
import { wantedOf } from './required.ts';

/** A provider as a person sees it: connected or not. */
export interface ShownAccount {
  readonly provider: string;
  readonly title: string;
  /** What the person can choose to connect, and whether the provider lets this service use it already. */
  readonly parts: readonly { readonly name: string; readonly title: string; readonly allowed: boolean }[];
  /** Absent where the person connected none. */
  readonly connected?: {
    readonly account?: string;
    readonly scopes: readonly string[];
    /** ISO times. */
    readonly since: string;
    readonly lastUsedAt?: string;
    /** The provider ended it: it must be connected again. */
    readonly ended: boolean;
  };
}

/** Accounts that people connect. */
export interface ConnectedAccounts extends Connect {
  /** A provider that people connect accounts of, by its name in addresses. */
  provider(name: string): Provider | undefined;
  /** All of them, as they are for one person. */
  of(person: Person): Promise<readonly ShownAccount[]>;
}

export interface PeoplesCredentials {
  readonly lendTo: (pack: string) => Credentials;
  readonly inPerson: InPerson;
  /** Absent where nobody connects any. */
  readonly accounts: ConnectedAccounts | undefined;
}

interface Parts {
  readonly config: Config;
  /** Of loadEncryptionKey: keys are derived from it where CREDENTIALS_KEYS is not set. */
  readonly encryptionKey: string;
  readonly tables: Tables;
  readonly ephemeral: Ephemeral;
  readonly audit: Audit;
  readonly people: Pick<People, 'find'>;
  readonly log: Logger;
  readonly now: () => Date;
}

const derived = (key: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, '', 'countersign/upstream-credentials', 32));

const inPersonOf = (providers: ReadonlyMap<string, Provider>, publicUrl: string): InPerson => {
  const byHeader = [...providers.values()].filter(({ way }) => way === 'header');
  const ofTool = new Map(byHeader.flatMap((provider) => [...provider.tools.keys()].map((tool) => [tool, provider])));
  return {
    needed: (tool) => ofTool.has(tool),
    isHere: ({ tool, requester }, origin) => {
      const provider = ofTool.get(tool);
      return provider !== undefined && tokenFrom(origin, provider.header, requester) !== undefined;
    },
    wanted: (tool) => {
      const provider = ofTool.get(tool);
      if (provider === undefined) throw new Error(`${tool} takes no credential with a request`);
      return wantedOf(provider, 'missing', publicUrl);
    },
  };
};

const shownAs = async (
  { name, title, parts }: Provider,
  connections: Pick<Connections, 'find'>,
  person: Person,
): Promise<ShownAccount> => {
  const found = await connections.find({ name }, person);
  const partsOf = (granted: readonly string[]) =>
    [...parts].map(([part, { title: words, scopes: needed }]) => ({
      ...{ name: part, title: words },
      allowed: needed.every((scope) => granted.includes(scope)),
    }));
  if (found === undefined) return { provider: name, title, parts: partsOf([]) };
  const { account, scopes, connectedAt, lastUsedAt, refreshToken } = found;
  const connected = {
    ...(account !== undefined && { account }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...{ scopes, since: connectedAt, ended: refreshToken === undefined },
  };
  return { provider: name, title, parts: partsOf(scopes), connected };
};

const accountsOf = (
  connectable: readonly Provider[],
  connections: Pick<Connections, 'find'>,
  connect: Connect,
): ConnectedAccounts => ({
  ...connect,
  provider: (name) => connectable.find((one) => one.name === name),
  of: (person) => Promise.all(connectable.map((provider) => shownAs(provider, connections, person))),
});

export const createCredentials = (parts: Parts): PeoplesCredentials => {
  const { config, encryptionKey } = parts;
  const publicUrl = config.PUBLIC_URL;
  const [newest = encryptionKey, ...older] = config.CREDENTIALS_KEYS ?? [];
  const sealer = createKeyRing([derived(newest), ...older.map(derived)]);
  const providers = openProviders(config);
  const connectable = [...providers.values()].filter(({ way }) => way === 'connected');
  const clients = new Map<string, OauthClient>(connectable.map((one) => [one.name, createOauthClient(one)]));
  const clientOf = ({ name }: Provider): OauthClient => {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`nobody connects accounts of ${name}`);
    return client;
  };
  const connections = createConnections({ ...parts, sealer });
  const shared = { ...parts, connections, clientOf, sealer, publicUrl };
  const accessTokens = createAccessTokens(shared);
  return {
    lendTo: lendTo({ ...shared, providers, accessTokens, packs: config.TOOL_PACKS }),
    inPerson: inPersonOf(providers, publicUrl),
    accounts: connectable.length === 0 ? undefined : accountsOf(connectable, connections, createConnect(shared)),
  };
};
