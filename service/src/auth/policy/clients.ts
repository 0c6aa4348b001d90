/** Which clients may introduce themselves, by registration or by a metadata document, and as what. */
import { errors } from 'oidc-provider';
import { signingAlgorithm } from '../signing-key.ts';
import { isOwnedScheme } from './redirect-schemes.ts';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const manyUris = 10;
const longUri = 2_000;
const longName = 60;

/** MCP clients are public, or hold a key of their own; a secret is for those that know nothing else. */
export const clientAuthMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;

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
  (uri.protocol === 'https:' ||
    (uri.protocol === 'http:' ? loopback.has(uri.hostname) : !isOwnedScheme(uri.protocol))) &&
  uri.username === '' &&
  uri.password === '';

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

/** The members that mean something here, and those the authorization server adds. */
const known: ReadonlySet<string> = new Set([
  'client_id',
  'client_id_issued_at',
  'client_name',
  'client_secret',
  'client_secret_expires_at',
  'grant_types',
  'jwks',
  'jwks_uri',
  'redirect_uris',
  'response_types',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
]);

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * Leaves out what is empty, and what means nothing here (RFC 7591 2: unknown members are ignored): pages show no
 * pictures and follow no links that a client brings, and its own scope list would freeze what it may ask for later.
 */
export const keepKnown = (metadata: Metadata): void => {
  for (const [member, value] of Object.entries(metadata))
    if (!known.has(member) || isNothing(value)) delete metadata[member];
};

const supported = {
  grant_types: clientDefaults.grant_types,
  response_types: clientDefaults.response_types as readonly string[],
};

/** RFC 7591 3.2.1: what is supported of a list is registered, and returned. */
const keepSupported = (metadata: Metadata, member: keyof typeof supported, needed: string): void => {
  if (metadata[member] === undefined) return;
  const asked = [metadata[member]].flat();
  const kept = supported[member].filter((value) => asked.includes(value));
  if (kept.length === 0) refuse(`${member} must include ${needed}: nothing else of it is supported`);
  metadata[member] = member === 'grant_types' ? [...new Set(['authorization_code', ...kept])] : kept;
};

const keepAuthMethod = (metadata: Metadata): void => {
  const method = clientAuthMethods.find((own) => own === metadata.token_endpoint_auth_method);
  metadata.token_endpoint_auth_method = method ?? clientDefaults.token_endpoint_auth_method;
  // A secret was made for a client that asked for no method in particular; it has no use for one.
  if (metadata.token_endpoint_auth_method === 'none') {
    delete metadata.client_secret;
    delete metadata.client_secret_expires_at;
  }
  if (metadata.token_endpoint_auth_method === 'private_key_jwt') return;
  for (const member of ['jwks', 'jwks_uri', 'token_endpoint_auth_signing_alg']) delete metadata[member];
};

/** Mends or refuses what a client says of itself. Runs before the authorization server's own checks. */
export const checkClient = (metadata: Metadata): void => {
  keepKnown(metadata);
  const uris = Array.isArray(metadata.redirect_uris) ? metadata.redirect_uris.map(uriOf) : [];
  if (uris.length === 0) refuse('redirect_uris must name at least one URI');
  if (uris.length > manyUris) refuse(`redirect_uris must name at most ${manyUris} URIs`);
  if (!uris.every(acceptable))
    refuse('redirect_uris must be https, loopback http, or a scheme of the app itself, not one of the system');
  keepSupported(metadata, 'grant_types', 'authorization_code');
  keepSupported(metadata, 'response_types', 'code');
  keepAuthMethod(metadata);
  // Native clients get any port of a loopback URI and private schemes (RFC 8252 7.1, 7.3); web clients get neither.
  metadata.application_type = uris.every((uri) => uri.protocol === 'https:') ? 'web' : 'native';
  if (metadata.client_name !== undefined) metadata.client_name = cleanName(metadata.client_name);
};

/** The dummy member makes the validator run once for every client. */
export const extraClientMetadata = {
  properties: ['x_checked'],
  validator(_ctx: unknown, _name: string, _value: unknown, metadata: Metadata) {
    checkClient(metadata);
  },
};

/** Host of the document a client is known by, if it is. */
export const documentHostOf = (clientId: string): string | undefined => URL.parse(clientId)?.host;

/** What people see of a client: where its answers go counts, its name does not. */
export const shownClient = (client: { clientId: string; clientName?: string | undefined }, redirectUri: unknown) => {
  const uri = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  const onThisComputer = uri?.protocol === 'http:' && loopback.has(uri.hostname);
  const host = onThisComputer || !uri ? 'this computer' : uri.host || uri.protocol.replace(':', '');
  return { name: client.clientName ?? 'Unnamed', clientId: client.clientId, host };
};
