/** Whom a workload must reach: the services its role, image, log and secrets name, and the hosts it calls. */
import { serviceAt } from '../../contracts/endpoints.ts';
import { packs } from '../../contracts/packs/index.ts';
import type { PackContract } from '../../contracts/packs/pack.ts';
import { estateSid } from '../roles/tools.ts';
import { type Block, inners, type NetworkOffer } from './view.ts';
import type { Container, Workload } from './workloads.ts';

export type Target =
  | { readonly kind: 'service'; readonly service: string; readonly region: string }
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  /** Objects in a bucket of another account, by the ARN's part after `:::`. */
  | { readonly kind: 'objects'; readonly arn: string };

export interface Need {
  readonly target: Target;
  /** What needs it, as an operator knows it: the `secret` `API_KEY`. */
  readonly by: string;
  readonly what: string;
}

const texts = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

const hostNeed = (host: string, port: number, by: string, what: string): Need => {
  const service = port === 443 ? serviceAt(host) : undefined;
  // Through S3's gateway endpoint other people's buckets are closed, so that a bucket's host counts as any other.
  return service === undefined || service.service === 's3'
    ? { target: { kind: 'host', host, port }, by, what }
    : { target: { kind: 'service', service: service.service, region: service.region }, by, what };
};

/** Docker's rule: the first part is a registry if it has a dot or a port, else the image lies on Docker Hub. */
const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]/.test(first) ? first : 'registry-1.docker.io';
};

const imageNeeds = ({ image }: Container): Need[] => {
  if (image === '') return [];
  const [host = '', port = '443'] = registryOf(image).split(':');
  const need = hostNeed(host, Number(port), 'image', image);
  if (need.target.kind !== 'service') return [need];
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html: the layers lie in a bucket of ECR.
  const layers = `prod-${need.target.region}-starport-layer-bucket/x`;
  return [need, { target: { kind: 'objects', arn: layers }, by: need.by, what: need.what }];
};

const ports: Readonly<Record<string, number>> = {
  https: 443,
  http: 80,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
  rediss: 6379,
  mongodb: 27_017,
  amqp: 5672,
  amqps: 5671,
};

const called = /ISSUER|ENDPOINT|UR[IL]$|HOST$|WEBHOOK|SERVER|BROKER/;
/** Addresses that others call, or that only say who may. */
const notCalled = /PUBLIC|ORIGIN|CALLBACK|REDIRECT|LOGOUT|ALLOWED|AUDIENCE/;
/** Names and addresses inside the network. */
const inside =
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\$\{)|^[^.]+$|\.(internal|local)$/;

const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

const variableNeeds = ({ environment }: Container, ownDomains: readonly string[]): Need[] =>
  Object.entries(environment).flatMap(([name, value]) => {
    if (!called.test(name) || notCalled.test(name)) return [];
    const [, scheme = '', host = '', port] =
      /^([a-z][a-z0-9+]*):\/\/(?:[^@/]*@)?([^:/?]+)(?::(\d+))?/.exec(value) ?? [];
    if (host === '' || inside.test(host) || ownDomains.some((domain) => isWithin(host, domain))) return [];
    return [hostNeed(host, Number(port ?? ports[scheme] ?? 443), 'variable', name)];
  });

const containerNeeds = (container: Container, { region, ownDomains }: NetworkOffer): Need[] => [
  ...imageNeeds(container),
  ...variableNeeds(container, ownDomains),
  ...container.secrets.map((name) => ({ target: service('secretsmanager', region), by: 'secret', what: name })),
  ...(container.logRegion === undefined
    ? []
    : [{ target: service('logs', container.logRegion), by: 'log driver', what: 'awslogs' }]),
];

const service = (name: string, region: string): Target => ({ kind: 'service', service: name, region });

/** Lambda itself makes the interfaces, writes the log and sends the segments, over no network of ours. */
const byLambda = /^(logs:|xray:|ec2:(\w+NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)$)/;

const throughService = (statement: Block): boolean =>
  inners(statement, 'condition').some(({ variable }) => variable === 'kms:ViaService');

/** Variables that say in which regions the tools of a pack look. */
const regionVariables = Object.values<PackContract>(packs).flatMap(({ writesIn, environment = {} }) =>
  Object.entries(environment).flatMap(([name, source]) =>
    source !== undefined && 'setting' in source && source.setting === writesIn ? [name] : [],
  ),
);

/** Regions that the tools look into: their statements name services, variables say where. */
const estateRegions = ({ containers }: Workload, region: string): readonly string[] => {
  const given = containers.flatMap(({ environment }) => regionVariables.flatMap((name) => environment[name] ?? []));
  return given.length === 0 ? [region] : [...new Set(given.flatMap((text) => text.split(',')))];
};

const roleNeeds = (workload: Workload, region: string): Need[] =>
  workload.statements
    .filter((statement) => statement.effect !== 'Deny' && !throughService(statement))
    .flatMap((statement) => {
      const regions = String(statement.sid).startsWith(estateSid) ? estateRegions(workload, region) : [region];
      return texts(statement.actions).flatMap((action) => {
        const [name = ''] = action.split(':');
        if (workload.kind === 'function' && byLambda.test(action)) return [];
        // Both ask where the service stands, whatever the estate.
        const asked = name === 'sts' || name === 'ce' ? [region] : regions;
        return asked.map((each) => ({ target: service(name, each), by: 'role', what: action }));
      });
    });

/** https://docs.aws.amazon.com/linux/al2023/ug/ec2-vpc-endpoint.html: packages come from a bucket of the region. */
const bootNeeds = ({ kind }: Workload, region: string): Need[] =>
  kind === 'instance'
    ? [{ target: { kind: 'objects', arn: `al2023-repos-${region}-de612dc2/x` }, by: 'packages', what: 'Amazon Linux' }]
    : [];

/** What a workload must reach; the network says whom else its settings name, and what is its own. */
export const needsOf = (workload: Workload, network: NetworkOffer): readonly Need[] => [
  ...workload.containers.flatMap((container) => containerNeeds(container, network)),
  ...roleNeeds(workload, network.region),
  ...bootNeeds(workload, network.region),
  ...network.upstreams.map(({ address, by, what }) => {
    const [host = '', port = '443'] = address.split(':');
    return hostNeed(host, Number(port), by, what);
  }),
];
