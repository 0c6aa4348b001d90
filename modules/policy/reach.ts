/** Whatever a task, function or instance needs can be reached from where it runs. */
import { endpointList, type ServiceAccess, serviceAccess } from '../../contracts/endpoints.ts';
import { type Need, needsOf, type Target } from './needs.ts';
import type { Breach, NetworkOffer, Policy } from './view.ts';
import { workloadsOf } from './workloads.ts';

const https = 443;

/** ARNs name objects by a pattern that ends in a star. */
const admits = (pattern: string, arn: string): boolean => {
  const [, path = ''] = /^arn:[\w-]+:s3:::(.*)$/.exec(pattern) ?? [];
  const [start = '', ...stars] = path.split('*');
  return stars.length > 0 ? arn.startsWith(start) : path === arn;
};

const accessOf = (service: string): ServiceAccess =>
  serviceAccess[service] ?? { name: service, endpoints: [], because: 'no endpoint of it is known here', source: '' };

const missingEndpoints = (service: string, { endpoints }: NetworkOffer): readonly string[] =>
  accessOf(service).endpoints.filter((endpoint) => !endpoints.includes(endpoint));

const offered = (target: Target, network: NetworkOffer): boolean => {
  if (target.kind === 'host') return network.internetPorts.includes(target.port);
  if (target.kind === 'objects')
    return (
      network.readableObjects.some((pattern) => admits(pattern, target.arn)) || network.internetPorts.includes(https)
    );
  if (network.internetPorts.includes(https)) return true;
  const { gateway, endpoints, onlyIn = target.region } = accessOf(target.service);
  if (target.region !== network.region || onlyIn !== network.region) return false;
  return gateway === true || (endpoints.length > 0 && missingEndpoints(target.service, network).length === 0);
};

const nameOf = (target: Target, { region }: NetworkOffer): string => {
  if (target.kind === 'host') return target.port === https ? target.host : `${target.host}:${target.port}`;
  if (target.kind === 'objects') return `the bucket ${target.arn.split('/')[0]}`;
  const { name } = accessOf(target.service);
  return target.region === region ? name : `${name} in ${target.region}`;
};

interface Remedy {
  readonly settings: readonly string[];
  readonly text: string;
}

const nat = (because: string, ...more: string[]): Remedy => ({
  settings: ['nat_mode'],
  text: `Set nat_mode${more.join('')}, because ${because}.`,
});

const hostRemedy = (port: number, { internetPorts }: NetworkOffer): Remedy => {
  const open = { settings: ['task_egress_ports'], text: `Add ${port} to task_egress_ports.` };
  if (internetPorts.length > 0) return open;
  return nat('hosts on the internet have no endpoint', port === https ? '' : ` and add ${port} to task_egress_ports`);
};

/** What would be right: the endpoints it takes, or, where none does, a way to the internet and why. */
const remedyOf = (target: Target, network: NetworkOffer): Remedy => {
  if (target.kind === 'host') return hostRemedy(target.port, network);
  if (target.kind === 'objects') return nat('the S3 endpoint admits no objects of that bucket');
  const { endpoints, onlyIn, because } = accessOf(target.service);
  if (onlyIn !== undefined && onlyIn !== network.region)
    return nat(`it answers in ${onlyIn} alone and an endpoint serves its own region`);
  if (target.region !== network.region) return nat('an endpoint serves its own region');
  if (endpoints.length === 0) return nat(because ?? 'it has no endpoint');
  const missing = missingEndpoints(target.service, network).map((endpoint) => `"${endpoint}"`);
  return {
    settings: ['vpc_endpoints', 'nat_mode'],
    text: `Add ${missing.join(' and ')} to vpc_endpoints, or set nat_mode.`,
  };
};

/** `role ce:GetCostAndUsage; secret A, B, C and 2 more`. */
const reasons = (needs: readonly Need[]): string =>
  [...Map.groupBy(needs, ({ by }) => by)]
    .map(([by, members]) => {
      const all = [...new Set(members.map(({ what }) => what))];
      return `${by} ${all.slice(0, 3).join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`;
    })
    .join('; ');

/** AWS's own page where the service has one; the whole list stands in the guide. */
const sourceOf = (target: Target): string => {
  const source = target.kind === 'service' ? accessOf(target.service).source : '';
  return source === '' || source === endpointList ? 'docs/deploying/network.md' : source;
};

const breachesOf = (address: string, needs: readonly Need[], network: NetworkOffer): Breach[] => {
  const missing = needs.filter(({ target }) => !offered(target, network));
  return [...Map.groupBy(missing, ({ target }) => nameOf(target, network))].flatMap(([name, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    const { settings, text } = remedyOf(first.target, network);
    const from = { settings, value: '', remedy: text, source: sourceOf(first.target) };
    return [{ address, problem: `cannot reach ${name} (${reasons(members)})`, from }];
  });
};

/** Both colours lack the same: it is said once. */
const once = (found: readonly Breach[]): Breach[] =>
  [...Map.groupBy(found, ({ problem }) => problem).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, address: others.length === 0 ? first.address : `${first.address} and ${others.length} more:` }],
  );

export const needsAreReached: Policy = {
  name: 'what a task needs can be reached',
  breaches: (view) => {
    const { network } = view;
    if (network === undefined) return [];
    const needs = workloadsOf(view).map((workload) => [workload.address, needsOf(workload, network)] as const);
    return once(needs.flatMap(([address, all]) => breachesOf(address, all, network)));
  },
};

export const reach: readonly Policy[] = [needsAreReached];
