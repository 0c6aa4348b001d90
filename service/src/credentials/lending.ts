/** Lends packs the credential of the person for whom a call runs, and nobody else's. */
import { createHash } from 'node:crypto';
import { isScope, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { People } from '../auth/people.ts';
import { CallAuthority, type Granted } from '../call-authority.ts';
import { CountersignError } from '../errors.ts';
import { isSamePerson } from '../operations/same-human.ts';
import type { Credentials, UpstreamCredential } from '../ports/credentials.ts';
import type { AccessTokens } from './access-tokens.ts';
import { type Connections, connectionKey } from './connections.ts';
import { tokenFrom } from './header-tokens.ts';
import type { Provider } from './providers.ts';
import { credentialsRequired } from './required.ts';
import { credentialOf, type UpstreamTokenSource } from './reveal.ts';

export interface LendingParts {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly connections: Pick<Connections, 'find'>;
  readonly accessTokens: AccessTokens;
  readonly people: Pick<People, 'find'>;
  /** Names of the packs that are enabled. */
  readonly packs: readonly string[];
  readonly publicUrl: string;
}

/** RFC 6750 2.1, and no longer than what any provider gives. */
const tokenForm = /^[\w.~+/-]{1,8192}=*$/;

interface Lent extends UpstreamTokenSource {
  readonly holder: string;
}

/** A request that sent none, or one that cannot be a token, brought none. */
const headerToken = (provider: Provider, { origin, person }: Granted, publicUrl: string): string => {
  const token = tokenFrom(origin, provider.header, person);
  if (token === undefined || !tokenForm.test(token)) throw credentialsRequired(provider, 'missing', publicUrl);
  return token;
};

const fromHeader = (provider: Provider, granted: Granted, publicUrl: string): Lent => {
  const token = headerToken(provider, granted, publicUrl);
  const { personId, issuer } = granted.person;
  const holder = createHash('sha256')
    .update(JSON.stringify([provider.name, personId, issuer, token]))
    .digest('hex');
  return {
    holder,
    token: async () => token,
    refused: async () => {
      throw credentialsRequired(provider, 'ended', publicUrl);
    },
  };
};

/** The person as they are known now: whoever lost the scope of the tool, or is gone, has no credential for it. */
const stillAllowed = async ({ people, packs }: LendingParts, { tools, title }: Provider, { person, tool }: Granted) => {
  const known = await people.find(person.personId);
  const scope = tools.get(tool);
  const allowed =
    known !== undefined &&
    scope !== undefined &&
    isScope(scope) &&
    isSamePerson(known, person) &&
    scopesOfRoles(known.roles, packs).has(scope);
  if (!allowed)
    throw new CountersignError(
      'credentials_required',
      `The person who asked for this may no longer use ${tool}, or has not signed in here for long, so their account at ${title} is not used.`,
    );
};

const fromConnection = async (parts: LendingParts, provider: Provider, granted: Granted): Promise<Lent> => {
  const { connections, accessTokens, publicUrl } = parts;
  const { person } = granted;
  const found = await connections.find(provider, person);
  if (found === undefined) throw credentialsRequired(provider, 'missing', publicUrl);
  await stillAllowed(parts, provider, granted);
  let refusals = 0;
  return {
    holder: connectionKey(found),
    token: () => accessTokens.of(provider, person),
    refused: async (token) => {
      await accessTokens.forget(provider, person, token);
      // A new token was refused as well: it is the account, and not the token's age.
      refusals += 1;
      if (refusals > 1) throw credentialsRequired(provider, 'ended', publicUrl);
    },
  };
};

const notLent = (why: string): Error => new Error(`no credential is lent: ${why}`);

/** The credential, which works only while the call runs. */
const whileRunning = (authority: unknown, provider: string, { holder, ...source }: Lent): UpstreamCredential => {
  const check = () => {
    if (CallAuthority.granted(authority) === undefined) throw notLent('the call is over that it was given to');
  };
  return credentialOf(
    { provider, holder },
    {
      token: async () => {
        check();
        return source.token();
      },
      refused: async (token) => {
        check();
        return source.refused(token);
      },
    },
  );
};

/** @returns the port, for one pack */
export const lendTo =
  (parts: LendingParts) =>
  (pack: string): Credentials => ({
    async of(name, { authority }) {
      const granted = CallAuthority.granted(authority);
      if (granted === undefined) throw notLent('pass the context of a call, while that call runs');
      const provider = parts.providers.get(name);
      if (provider === undefined || provider.pack !== pack)
        throw notLent(`${name} is no provider of this pack, or the pack acts on its sandbox, where nobody needs any`);
      if (!provider.tools.has(granted.tool))
        throw notLent(`${granted.tool} does not name the provider ${name} in the contract of its pack`);
      const lent =
        provider.way === 'header'
          ? fromHeader(provider, granted, parts.publicUrl)
          : await fromConnection(parts, provider, granted);
      return whileRunning(authority, name, lent);
    },
  });
