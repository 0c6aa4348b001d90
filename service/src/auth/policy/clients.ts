/** Which clients may introduce themselves, by registration or by a metadata document, and as what. */
import { errors } from 'oidc-provider';
import { signingAlgorithm } from '../signing-key.ts';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const manyUris = 10;
const longUri = 2_000;
const longName = 60;

/** What a client that says less is taken for. Public clients with PKCE are the rule for MCP. */
export const clientDefaults = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  token_endpoint_auth_method: 'none' as const,
  id_token_signed_response_alg: signingAlgorithm as typeof signingAlgorithm,
};

const refuse = (why: string): never => {
  throw new errors.InvalidClientMetadata(why);
};

const uriOf = (value: unknown): URL => {
  const uri = typeof value === 'string' && value.length <= longUri ? URL.parse(value) : null;
  return uri ?? refuse('redirect_uris must be absolute URIs');
};

/** RFC 8252 8.3: http is for loopback only. A fragment or credentials in a redirect URI serve no honest client. */
const acceptable = (uri: URL): boolean =>
  (uri.protocol !== 'http:' || loopback.has(uri.hostname)) && uri.username === '' && uri.password === '';

/** Letters, digits and a little punctuation: a name must not look like markup, another line or another direction. */
const cleanName = (name: unknown): string =>
  typeof name === 'string'
    ? name
        .replace(/[^\p{L}\p{N} ._()-]/gu, '')
        .slice(0, longName)
        .trim() || 'Unnamed'
    : 'Unnamed';

interface Metadata {
  [member: string]: unknown;
}

/** Mends or refuses what a client says of itself. Runs before the authorization server's own checks. */
export const checkClient = (metadata: Metadata): void => {
  // A client's own scope list would freeze what it may ask for at its first connection.
  delete metadata.scope;
  const uris = Array.isArray(metadata.redirect_uris) ? metadata.redirect_uris.map(uriOf) : [];
  if (uris.length === 0) refuse('redirect_uris must name at least one URI');
  if (uris.length > manyUris) refuse(`redirect_uris must name at most ${manyUris} URIs`);
  if (!uris.every(acceptable)) refuse('redirect_uris must be https, loopback http, or a scheme of an installed app');
  // Native clients get any port of a loopback URI and private schemes (RFC 8252 7.1, 7.3); web clients get neither.
  metadata.application_type = uris.every((uri) => uri.protocol === 'https:') ? 'web' : 'native';
  if (metadata.client_name !== undefined) metadata.client_name = cleanName(metadata.client_name);
  // A secret was made for a client that asked for no method in particular; it has no use for one.
  if (metadata.token_endpoint_auth_method === 'none') {
    delete metadata.client_secret;
    delete metadata.client_secret_expires_at;
  }
  // Pages show no pictures and follow no links a client brings.
  for (const member of ['logo_uri', 'policy_uri', 'tos_uri', 'client_uri']) delete metadata[member];
};

/** The dummy member makes the validator run once for every client. */
export const extraClientMetadata = {
  properties: ['x_checked'],
  validator(_ctx: unknown, _name: string, _value: unknown, metadata: Metadata) {
    checkClient(metadata);
  },
};

/** What people see of a client: where its answers go counts, its name does not. */
export const shownClient = (client: { clientId: string; clientName?: string | undefined }, redirectUri: unknown) => {
  const uri = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  const onThisComputer = uri?.protocol === 'http:' && loopback.has(uri.hostname);
  const host = onThisComputer || !uri ? 'this computer' : uri.host || uri.protocol.replace(':', '');
  return { name: client.clientName ?? 'Unnamed', clientId: client.clientId, host };
};
