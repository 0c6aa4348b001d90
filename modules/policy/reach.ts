/** Whatever a task, function or instance needs can be reached from where it runs. */
import { type ServiceAccess, serviceAccess } from '../../contracts/endpoints.ts';
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

/** What would be right: the endpoints it takes, or, where none does, a way to the internet and why. */
const remedyOf = (target: Target, network: NetworkOffer): string => {
  const online = network.internetPorts.length > 0;
  if (target.kind === 'host')
    return online
      ? `add ${target.port} to task_egress_ports`
      : `set nat_mode${target.port === https ? '' : ` and add ${target.port} to task_egress_ports`}, because hosts on the internet have no endpoint`;
  if (target.kind === 'objects') return 'set nat_mode, because the S3 endpoint admits no objects of that bucket';
  const { endpoints, onlyIn, because } = accessOf(target.service);
  if (onlyIn !== undefined && onlyIn !== network.region)
    return `set nat_mode, because it answers in ${onlyIn} alone and an endpoint serves its own region`;
  if (target.region !== network.region) return 'set nat_mode, because an endpoint serves its own region';
  if (endpoints.length === 0) return `set nat_mode, because ${because ?? 'it has no endpoint'}`;
  const missing = missingEndpoints(target.service, network).map((endpoint) => `"${endpoint}"`);
  return `add ${missing.join(' and ')} to vpc_endpoints, or set nat_mode`;
};

/** At most three of what needs it, so that a line stays one. */
const reasons = (needs: readonly Need[]): string => {
  const all = [...new Set(needs.map((need) => need.for))];
  return all.length > 3 ? `${all.slice(0, 3).join('; ')} and ${all.length - 3} more` : all.join('; ');
};

const breachesOf = (address: string, needs: readonly Need[], network: NetworkOffer): Breach[] => {
  const missing = needs.filter(({ target }) => !offered(target, network));
  return [...Map.groupBy(missing, ({ target }) => nameOf(target, network))].flatMap(([name, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    return [{ address, problem: `cannot reach ${name} (${reasons(members)}): ${remedyOf(first.target, network)}` }];
  });
};

export const needsAreReached: Policy = {
  name: 'what a task needs can be reached',
  breaches: (view) => {
    const { network } = view;
    if (network === undefined) return [];
    return workloadsOf(view).flatMap((workload) => breachesOf(workload.address, needsOf(workload, network), network));
  },
};

export const reach: readonly Policy[] = [needsAreReached];
