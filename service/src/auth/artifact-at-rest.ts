/** How the authorization server's records look in the store: nothing in them opens anything by itself. */
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import { secretDigest } from './digest.ts';
import type { Sealer } from './sealed.ts';

// A client id is public, and a grant id is a claim of every token; the ids of all others are the secrets themselves.
const publicIds: ReadonlySet<string> = new Set(['Client', 'Grant']);

/** Key of a record. */
export const artifactId = (model: string, id: string): string =>
  `${model}/${publicIds.has(model) ? id : secretDigest(`${model}/${id}`)}`;

const Stored = z.looseObject({
  session: z.looseObject({}).optional(),
  returnTo: z.string().optional(),
  client_secret: z.string().optional(),
});

const clientContext = (id: string) => `client-secret/${id}`;

/** The payload without the id it is found by, and with a client's secret sealed. */
export const toRest = (model: string, id: string, payload: AdapterPayload, sealer: Sealer): unknown => {
  // Through JSON, for undefined members are absent in both engines.
  const { jti, session, returnTo, client_secret, ...rest } = Stored.parse(JSON.parse(JSON.stringify(payload)));
  // The authorization server keeps the session's cookie here and never reads it.
  const { cookie, ...safeSession } = session ?? {};
  return {
    ...rest,
    ...(publicIds.has(model) && jti !== undefined && { jti }),
    ...(session && { session: safeSession }),
    ...(returnTo !== undefined && { returnTo: returnTo.endsWith(id) ? returnTo.slice(0, -id.length) : returnTo }),
    ...(client_secret !== undefined && { client_secret: sealer.seal(client_secret, clientContext(id)) }),
  };
};

/** The payload as it was given to `toRest`, less a session's cookie. */
export const fromRest = (model: string, id: string, stored: unknown, sealer: Sealer): AdapterPayload => {
  const { returnTo, client_secret, ...rest } = Stored.parse(stored);
  const secret = client_secret === undefined ? undefined : sealer.open(client_secret, clientContext(id));
  return {
    ...rest,
    ...(!publicIds.has(model) && { jti: id }),
    ...(returnTo !== undefined && { returnTo: returnTo.endsWith('/') ? returnTo + id : returnTo }),
    ...(secret !== undefined && { client_secret: secret }),
  };
};
