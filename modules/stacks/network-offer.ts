/** What an environment's network gives to what runs in it, and whom its settings say that calls. */
import { connectedProviders, enabled, takenTopics } from '../../contracts/packs/index.ts';
import { providerHosts } from '../../contracts/provider.ts';
import type { NetworkOffer, Upstream } from '../policy/view.ts';
import type { Deployment } from './deployment.ts';
import { egressPorts, reachesInternet, readableObjects } from './network.ts';

/** Countersign asks the issuer whoever stands before it; a custom image where requests reach it past the authorizer. */
const checksTokens = ({ settings, shape }: Deployment): boolean =>
  settings.container === 'countersign' || !shape.authorizer || shape.distribution;

const hostOf = (url: string | undefined): string[] => (url === undefined ? [] : [new URL(url).host]);

const signIn = (deployment: Deployment): Upstream[] => {
  const { settings, region } = deployment;
  if (!checksTokens(deployment)) return [];
  const hosts = {
    cognito: [`cognito-idp.${region}.amazonaws.com`],
    sso: hostOf(settings.sso_issuer),
    issuer: hostOf(settings.auth_issuer),
    none: [],
  }[settings.auth];
  return hosts.map((address) => ({ address, by: 'sign-in', what: `auth ${settings.auth}` }));
};

/** Hosts of the packs’ own, of the providers where people connect accounts, and of SNS for certificates of taken topics. */
const fromPacks = ({ settings }: Deployment): Upstream[] => {
  if (settings.container === 'custom') return [];
  const own = enabled(settings.tool_packs).flatMap(([what, { egress = [] }]) =>
    egress.map((address) => ({ address, what })),
  );
  const providers = connectedProviders(settings.tool_packs, settings).flatMap((provider) =>
    providerHosts(provider).map((address) => ({ address, what: provider.pack })),
  );
  const certificates = takenTopics(settings.tool_packs, settings).map(({ pack, region }) => ({
    address: `sns.${region}.amazonaws.com`,
    what: pack,
  }));
  return [...own, ...providers, ...certificates].map((upstream) => ({ ...upstream, by: 'tool pack' }));
};

/** Which they are stands in a secret. Where one host of the internet is reached, all are. */
const channelHosts = ['hooks.slack.com'];

const channels = ({ settings }: Deployment): Upstream[] =>
  settings.container === 'countersign' && settings.notice_channels
    ? channelHosts.map((address) => ({ address, by: 'setting', what: 'notice_channels' }))
    : [];

/** undefined without a network. */
export const networkOfferOf = (deployment: Deployment): NetworkOffer | undefined => {
  const { settings, shape, region } = deployment;
  if (!shape.vpc) return undefined;
  return {
    region,
    internetPorts: reachesInternet(deployment) ? egressPorts(deployment) : [],
    endpoints: settings.vpc_endpoints,
    readableObjects: readableObjects(deployment),
    upstreams: [
      ...signIn(deployment),
      ...fromPacks(deployment),
      ...channels(deployment),
      ...settings.upstream_hosts.map((address) => ({ address, by: 'setting', what: 'upstream_hosts' })),
    ],
    ownDomains: [settings.domain_name, settings.service_discovery ? settings.discovery_namespace : undefined].filter(
      (domain) => domain !== undefined,
    ),
  };
};
