/**
 * Connecting an account, and ending that. An attempt is a row of the person who began it and names their sign-in, so that
 * nobody finishes what another person, or another sign-in, began (RFC 6749 10.12), and it is removed before the code is redeemed.
 */
import type { Logger } from 'pino';
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Person } from '../auth/caller.ts';
import { secretDigest } from '../auth/digest.ts';
import type { Sealer } from '../auth/sealed.ts';
import { CountersignError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { Tables } from '../ports/tables.ts';
import type { Connection, Connections } from './connections.ts';
import { type OauthClient, ProviderError, type ProviderTokens } from './oauth-client.ts';
import type { Provider } from './providers.ts';

/** The person on a page, in one sign-in of theirs. */
export interface Connecting {
  readonly person: Person;
  /** Secret of the sign-in's forms: tells one sign-in from another. */
  readonly csrfToken: string;
  readonly origin: Origin;
}

export interface Connect {
  /**
   * Where the person goes to agree at the provider.
   * @param chosen names of the provider's parts
   * @throws invalid_input where there are parts and none of them was chosen
   */
  begin(provider: Provider, by: Connecting, chosen: readonly string[]): Promise<string>;
  /**
   * Takes the provider's answer and keeps the account.
   * @param query of the address that the person came back to
   * @throws access_denied for an answer to nobody's attempt; credentials_required where the provider gave nothing to keep
   */
  finish(provider: Provider, query: string, by: Connecting): Promise<void>;
  /**
   * Forgets a person's account here, and then has the provider end it.
   * @returns undefined where there is none; otherwise whether the provider said that it ended
   */
  disconnect(
    provider: Provider,
    of: Person,
    by: Omit<Connecting, 'csrfToken'>,
  ): Promise<{ readonly ended: boolean } | undefined>;
}

interface Parts {
  readonly tables: Tables;
  readonly connections: Connections;
  readonly clientOf: (provider: Provider) => OauthClient;
  readonly sealer: Sealer;
  readonly audit: Pick<Audit, 'appendWith'>;
  readonly publicUrl: string;
  readonly log: Logger;
  readonly now: () => Date;
}

const table = 'upstream-credentials';
const ATTEMPT_SECONDS = 600;
const TRIES = 5;

const Kept = z.object({
  ...{ state: z.string(), nonce: z.string(), verifier: z.string(), session: z.string() },
  /** Scopes that were asked for. Absent in attempts of the version before. */
  asked: z.array(z.string()).optional(),
});
type Taken = Omit<z.infer<typeof Kept>, 'session'>;

const scopesFor = ({ title, scopes, parts }: Provider, chosen: readonly string[]): string[] => {
  const parted = [...parts].filter(([name]) => chosen.includes(name));
  if (parts.size > 0 && parted.length === 0)
    throw new CountersignError(
      'invalid_input',
      `Choose at least one part of ${title} to connect. Nothing was connected.`,
    );
  return [...new Set([...scopes, ...parted.flatMap(([, part]) => part.scopes)])];
};

const keyOf = (userId: string, state: string) => ({ userId, entry: `attempt|${secretDigest(state)}` });
const contextOf = (userId: string, provider: string) => `connect|${JSON.stringify([userId, provider])}`;

/** Each provider has an address of its own, so that an answer of one cannot be taken for another's (RFC 9700 4.4). */
const redirectUriOf = (publicUrl: string, { name }: Provider): string =>
  publicUrl + routes.accountConnected.path.replace(':provider', encodeURIComponent(name));

const notYours = (): CountersignError =>
  new CountersignError(
    'access_denied',
    'This answer belongs to no attempt of yours to connect an account: it was used already, is older than ten minutes, or was begun in another sign-in. Nothing was connected. Begin again on the page of your apps.',
  );

const failed = ({ title }: Provider, { fault }: ProviderError): CountersignError => {
  const why = {
    refused: `${title} was told no, so nothing was connected.`,
    misconfigured: `${title} does not accept how this service is registered with it, so nothing was connected. Tell whoever operates the service.`,
    unreachable: `${title} does not answer, so nothing was connected. Try again in a minute.`,
  }[fault];
  return new CountersignError(fault === 'unreachable' ? 'upstream_error' : 'credentials_required', why);
};

/**
 * Whether another account was connected before, which nobody uses any more. Of the same account nothing is revoked: Google then
 * ends what it just gave too (https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke).
 */
const isAnother = (before: Connection | undefined, { subject }: ProviderTokens): boolean =>
  before?.subject !== undefined && subject !== undefined && before.subject !== subject;

export const createConnect = (parts: Parts): Connect => {
  const { tables, connections, sealer, audit, publicUrl, log, now } = parts;

  /** The attempt, which from then on nobody can finish. */
  const takeAttempt = async (provider: Provider, query: string, by: Connecting): Promise<Taken> => {
    const state = new URLSearchParams(query).get('state');
    const { personId } = by.person;
    const key = state === null ? undefined : keyOf(personId, state);
    const row = key && (await tables.get(table, key));
    if (row?.sealed === undefined || key === undefined) throw notYours();
    const opened = sealer.open(row.sealed, contextOf(personId, provider.name));
    if (opened === undefined) throw notYours();
    const { session, ...attempt } = Kept.parse(JSON.parse(opened));
    // Checked first: another sign-in of this person must not be able to spend it either.
    if (session !== secretDigest(by.csrfToken) || attempt.state !== state) throw notYours();
    if (!(await tables.remove(table, key, { version: row.version }))) throw notYours();
    return attempt;
  };

  /** What nobody will use any more. @returns whether the provider ended it */
  const revoke = async (provider: Provider, token: string | undefined): Promise<boolean> => {
    if (token === undefined || provider.revocation === undefined) return false;
    try {
      await parts.clientOf(provider).revoke(token);
      return true;
    } catch (err) {
      log.warn({ err, provider: provider.name }, 'a token was not revoked at its provider');
      return false;
    }
  };

  const unlessMoved = (provider: Provider, person: Person, before: Connection | undefined) => async () =>
    (await connections.find(provider, person))?.version === before?.version;

  return {
    async begin(provider, { person, csrfToken }, chosen) {
      const asked = scopesFor(provider, chosen);
      const client = parts.clientOf(provider);
      const attempt = client.newAttempt();
      const kept = JSON.stringify({ ...attempt, asked, session: secretDigest(csrfToken) });
      await tables.insert(table, {
        ...keyOf(person.personId, attempt.state),
        version: 1,
        record: {},
        sealed: sealer.seal(kept, contextOf(person.personId, provider.name)),
        expirationTime: Math.floor(now().getTime() / 1000) + ATTEMPT_SECONDS,
      });
      return client.authorizationUrl(attempt, redirectUriOf(publicUrl, provider), asked);
    },
    async finish(provider, query, by) {
      const { person, origin } = by;
      const { asked = provider.scopes, ...attempt } = await takeAttempt(provider, query, by);
      const answer = new URL(`${redirectUriOf(publicUrl, provider)}?${query}`);
      const redeemed = await parts
        .clientOf(provider)
        .redeem(answer, attempt)
        .catch((error: unknown) => {
          if (!(error instanceof ProviderError)) throw error;
          log.info({ err: error, provider: provider.name }, 'no account was connected');
          throw failed(provider, error);
        });
      // RFC 6749 5.1: left out where all that was asked for was granted.
      const tokens = { ...redeemed, scopes: redeemed.scopes ?? asked };
      if (tokens.refresh === undefined) {
        await revoke(provider, tokens.access);
        const why = `${provider.title} gave no lasting access, so nothing was connected. Operator: the provider may want another parameter for a refresh token.`;
        throw new CountersignError('credentials_required', why);
      }
      for (let tries = 1; ; tries += 1) {
        const before = await connections.find(provider, person);
        const summary = { connected: provider.name, scopes: [...tokens.scopes] };
        const event = { userId: person.personId, tool: 'apps-page', action: 'authorize', result: 'success' } as const;
        const kept = await audit.appendWith(eventFrom(origin, { ...event, summary }), {
          writes: [connections.connecting(provider, person, tokens, before)],
          possible: unlessMoved(provider, person, before),
        });
        if (kept === undefined && tries < TRIES) continue;
        if (kept === undefined) {
          await revoke(provider, tokens.refresh);
          throw new CountersignError('conflict', 'The account is just being changed. Try again.');
        }
        if (isAnother(before, tokens)) await revoke(provider, before?.refreshToken);
        return;
      }
    },
    async disconnect(provider, of, by) {
      for (let tries = 1; ; tries += 1) {
        const found = await connections.find(provider, of);
        if (found === undefined) return undefined;
        const summary = { disconnected: provider.name, person: of.personId };
        const event = { userId: by.person.personId, tool: 'apps-page', action: 'delete', result: 'success' } as const;
        const removed = await audit.appendWith(eventFrom(by.origin, { ...event, summary }), {
          writes: [connections.removing(found)],
          possible: unlessMoved(provider, of, found),
        });
        if (removed !== undefined) return { ended: await revoke(provider, found.refreshToken) };
        if (tries === TRIES) throw new CountersignError('conflict', 'The account is just being used. Try again.');
      }
    },
  };
};
