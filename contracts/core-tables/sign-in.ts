/** The tables of people, their sign-ins, and the grants and keys of the authorization server. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, json, optionalJson, timestamp, optionalTimestamp, epoch, optionalEpoch } = attribute;

export const signInTables = {
  'oauth-sessions': {
    description: 'One row per grant a person gave a client: hashes of its newest tokens, scopes, revocation.',
    postgres: 'oauth_sessions',
    partition: 'sessionId',
    attributes: {
      sessionId: string,
      userId: string,
      clientId: string,
      accessTokenHash: string,
      refreshTokenHash: optionalString,
      scopes: json,
      // When elevated scopes of the newest token end.
      elevatedUntil: optionalEpoch,
      // Host that the authorization's answer went to.
      answersTo: optionalString,
      // When a token of the grant was last seen, to the minutes.
      lastUsedAt: optionalTimestamp,
      createdAt: timestamp,
      expiresAt: timestamp,
      revokedAt: optionalTimestamp,
      expirationTime: epoch,
    },
    indexes: { 'userId-createdAt-index': { partition: 'userId', sort: 'createdAt' } },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  'oauth-artifacts': {
    description:
      "The authorization server's clients, codes, grants, interactions, refresh tokens and browser sessions, and who was just told that a scope is missing.",
    postgres: 'oauth_artifacts',
    partition: 'artifactId',
    attributes: {
      artifactId: string,
      model: string,
      grantId: optionalString,
      payload: json,
      consumedAt: optionalEpoch,
      expirationTime: optionalEpoch,
    },
    indexes: {
      'grantId-index': { partition: 'grantId' },
    },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    removable: true,
  },
  'signing-keys': {
    description: 'Keys that sign tokens, private halves encrypted; older ones stay until their tokens are gone.',
    postgres: 'signing_keys',
    partition: 'keyId',
    attributes: {
      keyId: string,
      algorithm: string,
      publicJwk: json,
      encryptedPrivateJwk: string,
      createdAt: timestamp,
      // The set every task reads through one index partition; always 'current'.
      keySet: string,
      expirationTime: epoch,
    },
    indexes: { 'keySet-createdAt-index': { partition: 'keySet', sort: 'createdAt' } },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  elevations: {
    description: 'Scopes that a person raised for a client that cannot step up by itself.',
    postgres: 'elevations',
    partition: 'userId',
    sort: 'clientId',
    attributes: {
      userId: string,
      clientId: string,
      scopes: json,
      raisedAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
  people: {
    description: 'People as the identity provider named them when they last signed in; tokens are refreshed from it.',
    postgres: 'people',
    partition: 'personId',
    attributes: {
      personId: string,
      name: string,
      email: string,
      roles: json,
      // Value of TEAM_CLAIM.
      team: optionalString,
      // Those of TOKEN_CLAIMS.
      claims: optionalJson,
      signedInAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    // For who holds a scope.
    scanned: true,
  },
  'web-sessions': {
    description: "People's sign-ins on the service's own pages.",
    postgres: 'web_sessions',
    partition: 'sessionId',
    attributes: {
      sessionId: string,
      userId: string,
      person: json,
      authenticatedAt: epoch,
      // Hash of the path the person signed in for, which may need a sign-in of its own.
      purposeHash: optionalString,
      csrfToken: string,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
} as const satisfies Record<string, TableContract>;
