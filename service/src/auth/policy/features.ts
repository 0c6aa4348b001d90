/** Which parts of the authorization server are on. What is not named here and is off by default stays off. */
import type { Configuration } from 'oidc-provider';
import type { Config } from '../../config.ts';
import { mayFetchDocument, readsDocuments } from './client-documents.ts';
import { resourceServer } from './scopes.ts';

type FeatureConfig = Pick<
  Config,
  'RESOURCE' | 'RESOURCES' | 'CLIENT_METADATA_HOSTS' | 'READ_TOKEN_SECONDS' | 'ELEVATED_TOKEN_SECONDS' | 'TOOL_PACKS'
>;

export const features = (config: FeatureConfig, now: () => Date): NonNullable<Configuration['features']> => ({
  clientIdMetadataDocument: {
    enabled: readsDocuments(config),
    ack: 'draft-02',
    allowFetch: (_ctx, clientId) => mayFetchDocument(clientId, config),
  },
  registration: { enabled: true, issueRegistrationAccessToken: false },
  resourceIndicators: {
    enabled: true,
    // Clients from before RFC 8707 name no resource; there is only one they could mean.
    defaultResource: () => config.RESOURCE,
    getResourceServerInfo: resourceServer(config, now),
    useGrantedResource: () => true,
  },
  // RFC 7009 2.1: a token is revoked by the client it was issued to; others are told nothing.
  revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
});
